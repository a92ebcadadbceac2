/**
 * The critics' controls of a game: what is left of the descent's play when the trained cultures stay, and their part in it is taken
 * away or mixed up; when they are put back to before training in the middle of the game; and when their synapses were mixed up before
 * training, and they were then taught in the same way.
 */
import { scrambledSources } from "../../device/simulated/scramble.ts";
import { Random } from "../../math/random.ts";
import type { Beginning } from "../../methods/contract.ts";
import { restingPlasticity } from "../../methods/plasticity.ts";
import type { CulturesState } from "../../session/cultures.ts";
import { type Walked, walk } from "../../session/walk.ts";
import type { GameScore, Task, World } from "../../tasks/contract.ts";
import type { Lab } from "./lab.ts";
import { stage } from "./recorded.ts";

/** Steps after which the cultures are put back, in the middle of a life. */
const MIDDLE = 60;

type Patterns = Beginning<unknown>["patterns"];

export interface Critics<M> {
  readonly beginning: Beginning<M>;
  /** Where the descent left the cultures. */
  readonly trained: CulturesState;
  /** Teaches the cultures as they stand as the descent does; where that leaves them. */
  readonly teach: (task: Task) => Promise<void>;
}

/** By name; null where they are not asked for, the task is no game of lives, or the tissue cannot be put back. */
export async function scoreCritics<M, I>(
  lab: Lab<M, I>,
  { beginning, trained, teach }: Critics<M>,
): Promise<Readonly<Record<string, GameScore>> | null> {
  const { task, cultures, plan, seed } = lab;
  const { critics, score } = task;
  const { tissue, brains } = cultures;
  if (
    !plan.critics ||
    !critics ||
    !score ||
    brains.some((brain) => !tissue.profile(brain).abilities.includes("synapses"))
  )
    return null;
  const block = plan.cycles;
  const { patterns } = beginning;
  const world = () => task.world("probe", block, true);
  const found: Record<string, GameScore> = {};
  const one = async (name: string, state: CulturesState, play: () => Promise<Walked>) => {
    found[name] = await stage(lab, { part: "critic", arm: name }, async () => {
      await cultures.restore(state);
      return score((await play()).events);
    });
  };
  for (const [name, changed] of Object.entries(critics))
    await one(name, trained, () => play(lab, changed(world(), block), patterns));
  await one("permutedZone", trained, () => play(lab, world(), permuted(patterns, seed)));
  await one("resetInGame", trained, async () => {
    const going = world();
    await play(lab, going, patterns, Math.min(MIDDLE, plan.probeTrials));
    await cultures.restore(beginning.state);
    return play(lab, going, patterns);
  });
  await one("mixedBefore", beginning.state, async () => {
    for (const brain of brains) {
      const image = await tissue.perform(brain, { kind: "read-tissue" });
      const from = scrambledSources(image, false, Random.of(seed, "mixed before", brain));
      await tissue.perform(brain, { kind: "permute-synapses", from });
    }
    await teach(task);
    return play(lab, world(), patterns);
  });
  await askBoth(lab, { beginning, trained, teach }, found);
  return found;
}

function play<M, I>(
  { cultures, plan, task }: Lab<M, I>,
  world: World,
  patterns: Patterns,
  steps = plan.probeTrials,
): Promise<Walked> {
  return walk(cultures, {
    world,
    steps,
    isEnough: task.isEnough,
    plasticity: restingPlasticity(plan),
    patterns,
  });
}

/**
 * One vat, two games: the other one asked before any lesson in it and after one, and the first one asked again after that. Into
 * `found`.
 */
async function askBoth<M, I>(
  lab: Lab<M, I>,
  { beginning: { patterns }, trained, teach }: Critics<M>,
  found: Record<string, GameScore>,
): Promise<void> {
  const { cultures, plan, task } = lab;
  const other = task.other?.();
  if (!other) return;
  const ask = async (asked: Task): Promise<GameScore> => {
    const world = asked.world("probe", plan.cycles, true);
    const { events } = await play({ ...lab, task: asked }, world, patterns);
    return asked.score?.(events) ?? {};
  };
  const scores = await stage(lab, { part: "critic", arm: "other" }, async () => {
    await cultures.restore(trained);
    const untaught = await ask(other.task);
    await cultures.restore(trained);
    await teach(other.task);
    const after = await cultures.snapshot();
    const taught = await ask(other.task);
    await cultures.restore(after);
    return { untaught, taught, first: await ask(task) };
  });
  found[`${other.name}Untaught`] = scores.untaught;
  found[`${other.name}Taught`] = scores.taught;
  found["firstAgain"] = scores.first;
}

/** `[N][K]` each class read at the electrodes of another: by a step around the circle, other for each brain. */
function permuted(patterns: Patterns, seed: number): Patterns {
  return patterns.map((own, brain) => {
    const by = 1 + Random.of(seed, "permuted zone", brain).integer(own.length - 1);
    return own.map((_, k) => own[(k + by) % own.length]);
  });
}
