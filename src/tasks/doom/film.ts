/** A film of one life: the moves of a probe made again, and what the player saw. */
import type { FilmFrame } from "../contract.ts";
import type { DoomWorld } from "./world.ts";

/** Of a life in the middle of those that a probe had, so many frames at even distances, the last step's among them. */
export function filmOf(newWorld: () => DoomWorld, moves: readonly number[], frames: number): FilmFrame[] {
  const life = middleLife(newWorld(), moves);
  if (!life) return [];
  const world = newWorld();
  for (const move of moves.slice(0, life.from)) world.do(move);
  const film: FilmFrame[] = [];
  const shots = new Set(
    Array.from({ length: frames }, (_, i) => Math.round((i * (life.steps - 1)) / Math.max(1, frames - 1))),
  );
  for (let step = 0; step < life.steps; step++) {
    if (shots.has(step)) {
      const { scored, move, frame } = world.game();
      film.push({ seconds: step / 10, scored, move: step === 0 ? "" : move, picture: frame() });
    }
    world.do(moves[life.from + step]);
  }
  return film;
}

interface FilmedLife {
  readonly from: number;
  readonly steps: number;
  readonly scored: number;
}

function middleLife(world: DoomWorld, moves: readonly number[]): FilmedLife | null {
  const lives: FilmedLife[] = [];
  let [from, scored] = [0, 0];
  moves.forEach((move, step) => {
    const event = world.do(move);
    if (event === "hit") scored++;
    if (event !== "miss") return;
    lives.push({ from, steps: step + 1 - from, scored });
    [from, scored] = [step + 1, 0];
  });
  return [...lives].sort((a, b) => a.scored - b.scored)[lives.length >> 1] ?? null;
}
