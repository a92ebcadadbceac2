/** What the engine costs: tics and frames a second, steps of an arena with perception and a scripted player, snapshots, memory. */
import type { InstalledDoom } from "../../src/engines/installed.ts";
import { Arena } from "../../src/games/doom/arenas/arena.ts";
import { arenas } from "../../src/games/doom/arenas/arenas.ts";
import { DoomEngine } from "../../src/games/doom/engine.ts";
import { Random } from "../../src/math/random.ts";

export interface EngineFigures {
  /** On the first map of the data, a scripted player; with every thing's line of sight and 16 rays each tic; with a frame each tic. */
  readonly ticsPerSecond: number;
  readonly ticsPerSecondWithSenses: number;
  readonly framesPerSecond: number;
  /** Steps of 100 ms of the centre, played by who knows the right moves. */
  readonly arenaStepsPerSecond: number;
  readonly openMs: number;
  readonly snapshotMs: number;
  readonly restoreMs: number;
  /** The wasm file; linear memory, and so a snapshot. */
  readonly bytes: number;
  readonly memoryBytes: number;
}

const TICS = 5000;
const FRAMES = 2000;
const LIVES = 60;
const SNAPSHOTS = 50;

export function measureEngine(doom: InstalledDoom): EngineFigures {
  const [engine, openMs] = timed(() => DoomEngine.open(doom));
  const play = (tics: number, each: () => void) => {
    const random = Random.of(1, "bench");
    engine.start({ skill: 3, map: 1 });
    const [, ms] = timed(() => {
      for (let tic = 0; tic < tics; tic++) {
        engine.tic({ forward: 50, turn: 7 * (random.integer(3) - 1), fire: random.uniform() < 0.3 });
        each();
      }
    });
    return (1000 * tics) / ms;
  };
  const senses = () => {
    engine.things({ sight: true });
    for (let degrees = -45; degrees < 45; degrees += 6) engine.ray(degrees);
  };
  const ticsPerSecond = play(TICS, () => {});
  const ticsPerSecondWithSenses = play(TICS, senses);
  const framesPerSecond = play(FRAMES, () => engine.frame());
  const [, snapshotMs] = timed(() => {
    for (let n = 0; n < SNAPSHOTS; n++) engine.snapshot();
  });
  const kept = engine.snapshot();
  const [, restoreMs] = timed(() => {
    for (let n = 0; n < SNAPSHOTS; n++) engine.restore(kept);
  });
  return {
    ticsPerSecond,
    ticsPerSecondWithSenses,
    framesPerSecond,
    arenaStepsPerSecond: arenaSteps(doom),
    openMs,
    snapshotMs: snapshotMs / SNAPSHOTS,
    restoreMs: restoreMs / SNAPSHOTS,
    bytes: doom.wasm.length,
    memoryBytes: engine.memoryBytes,
  };
}

function arenaSteps(doom: InstalledDoom): number {
  const arena = Arena.open(arenas["centre"], doom);
  const { rules } = arena;
  let steps = 0;
  const [, ms] = timed(() => {
    for (let life = 0; life < LIVES; life++) {
      arena.begin(Random.of(life, "bench life"));
      for (; !arena.life.isOver; steps++) arena.step(rules.rightMove(arena.scene));
    }
  });
  return (1000 * steps) / ms;
}

function timed<T>(work: () => T): [result: T, ms: number] {
  const began = performance.now();
  const result = work();
  return [result, performance.now() - began];
}
