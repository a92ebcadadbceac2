/** One arm on one culture: a session, a test without training, then blockers and rest where they are asked for. */
import { Random } from "../math/random.ts";
import type { ArmName } from "./arms.ts";
import { type CartpoleConfig, gainOf, LATER_ARMS } from "./config.ts";
import { descent } from "./descent.ts";
import { type Played, play, type Trainer } from "./session.ts";
import type { Subject } from "./subject.ts";
import { bandit, orderedPairs, teacher, yoked } from "./trainers.ts";

export interface UnitResult {
  readonly session: Played;
  /** Steps of the episodes of each test; the last of each was ended by the clock unless it fell there. */
  readonly test: readonly number[];
  readonly blocked?: readonly number[];
  readonly rested?: readonly number[];
}

/** `[seeds]` by arm. */
export type Results = ReadonlyMap<ArmName, readonly UnitResult[]>;

export interface UnitOptions {
  readonly config: CartpoleConfig;
  readonly subject: Subject;
  /** Of an arm that is replayed. */
  readonly trainsOf: (arm: ArmName) => Promise<Played["trains"]>;
  readonly isStopped: () => boolean;
}

export async function runUnit(
  arm: ArmName,
  { config, subject, trainsOf, isStopped }: UnitOptions,
): Promise<UnitResult> {
  const { device, simulated, places, seed, begin } = subject;
  simulated.restore(begin);
  simulated.plasticity(arm === "frozen" ? 0 : 1);
  const random = (name: string) => Random.of(seed, "cartpole", name);
  const options = { gain: gainOf(config), trainHz: config.trainHz, isStopped };
  const played = (trainer: Trainer | null, seconds: number, name: string) =>
    play(device, places, trainer, { ...options, seconds, random: random(name) });
  const { trainer, dispose } = await trainerOf(arm, { config, subject, trainsOf, random });
  const session = await played(trainer, config.seconds, "session");
  await dispose?.();
  const tested = async (name: string) => (await played(null, config.testSeconds, name)).steps;
  const test = await tested("test");
  if (!LATER_ARMS.some((later) => later === arm)) return { session, test };
  return {
    session,
    test,
    blocked: await whileBlocked(subject, () => tested("blocked")),
    ...(config.restMinutes > 0 && {
      rested: await afterRest(subject, config.restMinutes, () => tested("rested")),
    }),
  };
}

async function trainerOf(
  arm: ArmName,
  {
    config,
    subject: { places, others },
    trainsOf,
    random,
  }: Omit<UnitOptions, "isStopped"> & { readonly random: (name: string) => Random },
): Promise<{ trainer: Trainer | null; dispose?: () => Promise<void> }> {
  const published = orderedPairs(others.map((channel) => [channel]));
  switch (arm) {
    case "none":
      return { trainer: null };
    case "random":
      return { trainer: bandit(published, random(arm), false) };
    case "adaptive":
      return { trainer: bandit(published, random(arm), true) };
    case "adaptive-own-pairs":
      return { trainer: bandit(orderedPairs([...places.sensory, ...places.motor]), random(arm), true) };
    case "yoked":
      return { trainer: yoked(await trainsOf("adaptive"), random(arm)) };
    case "yoked-to-descent":
      return { trainer: yoked(await trainsOf("descent"), random(arm)) };
    case "descent": {
      const trainer = await descent(places, gainOf(config));
      return { trainer, dispose: trainer.dispose };
    }
    case "reverse":
      return { trainer: teacher(places, { isReversed: true }) };
    case "crossed":
      return { trainer: teacher(places, { isCrossed: true }) };
    case "teacher":
    case "frozen":
      return { trainer: teacher(places) };
  }
}

/** Blockers of AMPA and NMDA receptors, as far as plastic synapses go: no strength, no plasticity; then washed out. */
async function whileBlocked<Result>({ simulated }: Subject, work: () => Promise<Result>): Promise<Result> {
  const before = simulated.snapshot();
  simulated.scaleExcitation(0);
  simulated.plasticity(0);
  const result = await work();
  simulated.restore(before);
  simulated.plasticity(1);
  return result;
}

async function afterRest<Result>(
  { device, simulated }: Subject,
  minutes: number,
  work: () => Promise<Result>,
): Promise<Result> {
  simulated.plasticity(1);
  for (let minute = 0; minute < minutes; minute++)
    await device.read(device.now() + 60 * device.profile.framesPerSecond);
  return work();
}
