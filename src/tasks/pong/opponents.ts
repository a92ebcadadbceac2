/** Other players of pong: a small DQN and PPO, given as many samples of the game as the brains had, then probed alike. */
import { Random } from "../../math/random.ts";
import type { GameSamples, GameScore } from "../contract.ts";
import { trainDqn } from "../players/dqn.ts";
import { trainPpo } from "../players/ppo.ts";
import type { Agent, Trial } from "../players/trial.ts";
import { countRallies, MOVES, OBSERVATION, observe, type PongGame, play, serve } from "./pong-game.ts";

export async function playOpponents(
  samples: GameSamples,
  seed: number,
): Promise<{ dqn: GameScore; ppo: GameScore }> {
  const [forDqn, forPpo] = ["dqn", "ppo"].map((name) => Random.of(seed, name));
  return {
    dqn: probe(await trainDqn(pongTrial(forDqn), samples.train, forDqn), seed, samples),
    ppo: probe(await trainPpo(pongTrial(forPpo), samples.train, forPpo), seed, samples),
  };
}

function pongTrial(random: Random): Trial {
  let game: PongGame;
  return {
    inputs: OBSERVATION,
    moves: MOVES,
    begin: () => {
      game = serve(random);
    },
    observe: () => observe(game),
    play(move) {
      const { game: next, event } = play(game, move, random);
      game = next;
      return event === "hit" ? 1 : event === "miss" ? -1 : 0;
    },
  };
}

/** The game that the vat's last probe was served. */
function probe(agent: Agent, seed: number, { probe: steps, blocks }: GameSamples): GameScore {
  const random = Random.of(seed, "pong", "probe", blocks);
  let game = serve(random);
  const events: ReturnType<typeof play>["event"][] = [];
  for (let step = 0; step < steps; step++) {
    const next = play(game, agent(observe(game)), random);
    game = next.game;
    events.push(next.event);
  }
  const { hitsPerRally, aces, longRallies } = countRallies(events);
  return { hitsPerRally, aces, longRallies };
}
