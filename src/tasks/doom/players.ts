/**
 * Who plays without tissue, in the same arena and lives as the last probe: policies that perceive nothing, the spikes of nobody, what
 * silicon makes of the same sites with as many samples, and a perfect reader of them.
 */
import { Random } from "../../math/random.ts";
import type { GameSamples, GameScore } from "../contract.ts";
import { trainDqn } from "../players/dqn.ts";
import { trainPpo } from "../players/ppo.ts";
import type { Given } from "./coding.ts";
import { endedLives, livesOf, scoreOf } from "./lives.ts";
import type { View } from "./options.ts";
import type { Stage } from "./stage.ts";
import { learnTable, tableOfTargets } from "./table.ts";
import { doomTrial, inputsOf } from "./trial.ts";
import { DoomWorld, type Eyes } from "./world.ts";

export interface PlayersOptions {
  readonly samples: GameSamples;
  readonly seed: number;
  readonly lives: number;
  readonly stage: Stage;
  readonly eyes: readonly Eyes[];
  readonly view: View;
  /** The best move at each site. */
  readonly read: readonly number[];
}

/** What each brain would say in a step, of what it is given. */
type Policy = (given: readonly Given[], step: number) => Int32Array;

export async function playOpponents(options: PlayersOptions): Promise<Readonly<Record<string, GameScore>>> {
  const { seed, stage, samples, read, eyes, view } = options;
  const moves = stage.rules.moves.length;
  const N = eyes.length;
  const all = (move: number) => new Int32Array(N).fill(move);
  const random = (name: string) => Random.of(seed, "players", name);
  const ofSites =
    (table: readonly number[]): Policy =>
    (given) =>
      Int32Array.from(given, ({ site }) => table[site]);
  /** As one player, who has the first brain's eyes. */
  const ofAgent =
    (agent: (seen: Float32Array) => number): Policy =>
    ([first]) =>
      all(agent(inputsOf(first)));
  const nobody = random("spikes");
  const spin = (step: number) => (step % 2 === 0 ? 2 : 1);
  const policies: Record<string, Policy> = {
    randomSpikes: () => Int32Array.from({ length: N }, () => nobody.integer(moves)),
    noSpikes: (_, step) => all(step % moves),
    spinAndFire: (_, step) => all(spin(step)),
    alwaysAhead: () => all(1),
    blindReplay: blindReplay(options, N),
    // Of a split view no single player has the eyes.
    ...(view === "whole"
      ? {
          qTable: ofSites(learnTable(trial(options, "table"), samples.train, random("table"))),
          dqn: ofAgent(await trainDqn(trial(options, "dqn"), samples.train, random("dqn"))),
          ppo: ofAgent(await trainPpo(trial(options, "ppo"), samples.train, random("ppo"))),
          toldTable: ofSites(tableOfTargets(trial(options, "told"), samples.train, random("told"))),
        }
      : {}),
    perfectReader: ofSites(read),
  };
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [name, probe(policy, options).score]),
  );
}

function worldOf({ stage, eyes, view }: PlayersOptions, random: Random): DoomWorld {
  return new DoomWorld({
    stage,
    eyes,
    view,
    random,
    explore: 0,
    connected: true,
    datum: () => ({ places: [0], volleys: 1 }),
  });
}

/** The lives that the vat's last probe had. */
function probe(policy: Policy, options: PlayersOptions) {
  const { seed, stage, samples, lives } = options;
  const world = worldOf(options, Random.of(seed, "doom", stage.rules.name, "probe", samples.blocks));
  const events: ReturnType<DoomWorld["advance"]>[] = [];
  for (let step = 0; step < samples.probe && endedLives(events) < lives; step++)
    events.push(world.advance(policy(world.givenNow(), step)));
  return { score: scoreOf(events, stage.rules.counts), events, moves: world.made };
}

/** The moves of the best life of a perfect reader, over and over, whatever is seen. */
function blindReplay(options: PlayersOptions, N: number): Policy {
  const { read, samples } = options;
  const good = probe((given) => Int32Array.from(given, ({ site }) => read[site]), {
    ...options,
    samples: { ...samples, blocks: samples.blocks + 1 },
  });
  const lives = livesOf(good.events);
  const best = lives.reduce((top, life, i) => (life.scored > lives[top].scored ? i : top), 0);
  const from = lives.slice(0, best).reduce((sum, { steps }) => sum + steps, 0);
  const moves = good.moves.slice(from, from + lives[best].steps);
  return (_, step) => new Int32Array(N).fill(moves[step % moves.length]);
}

function trial(options: PlayersOptions, name: string) {
  return doomTrial(
    worldOf(options, Random.of(options.seed, "doom", options.stage.rules.name, "players", name)),
    {
      moves: options.stage.rules.moves.length,
      brains: options.eyes.length,
    },
  );
}
