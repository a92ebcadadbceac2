/**
 * The critics' controls: worlds in which the trained tissue plays on, but what it is given or what it says is not its own game's.
 * Whoever still plays well then was not played by the tissue.
 */
import type { Random } from "../../math/random.ts";
import type { Datum } from "../../protocol/protocol.ts";
import type { Said, World } from "../contract.ts";

/** What the tissue says is done one step late. */
export function late(world: World): World {
  let before: Said | null = null;
  return over(world, {
    advance(said) {
      const done = before ?? said;
      before = said.slice();
      return world.advance(done);
    },
  });
}

/** The tissue is given the same datum in every step. */
export function black(world: World, nothing: readonly Datum[]): World {
  return over(world, { present: () => nothing });
}

/** The tissue is given what it was given in an earlier step of the game, drawn at random. */
export function inAnotherOrder(world: World, random: Random): World {
  const frames: (readonly Datum[])[] = [];
  let drawn: readonly Datum[] | null = null;
  return over(world, {
    present() {
      if (!drawn) {
        frames.push(world.present());
        drawn = frames[random.integer(frames.length)];
      }
      return drawn;
    },
    advance(said) {
      drawn = null;
      return world.advance(said);
    },
  });
}

/** The tissue is given another game, which a player who knows the right moves goes through; what it says is done in this one. */
export function ofAnotherGame(world: World, other: World): World {
  return over(world, {
    present: () => other.present(),
    advance(said) {
      other.advance(other.targets());
      return world.advance(said);
    },
  });
}

/** The same world with some of it done otherwise. */
function over(world: World, otherwise: Partial<World>): World {
  return {
    present: () => world.present(),
    targets: () => world.targets(),
    answers: () => world.answers(),
    advance: (said) => world.advance(said),
    ...(world.game ? { game: () => world.game!() } : {}),
    ...(world.moves ? { moves: () => world.moves!() } : {}),
    ...otherwise,
  };
}
