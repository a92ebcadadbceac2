/**
 * What is left of a lesson after the tissue was alone with its own activity, plasticity on: by rule, by how lively the tissue is,
 * and by what is done meanwhile. Accuracy on held-out data by electrode counts; means over seeds with 95 % intervals, and the
 * share of the gain over chance that is left.
 *
 * Meanwhile, every ten minutes: `alone` nothing; `lessons` 100 presentations of the lesson go on, read and written where needed; `shown`
 * 100 of its data without a write, as in replay that is cued from outside; `slowed` nothing, but synapses change at a tenth of
 * the rate, as under a partial block of NMDA receptors (100 %: the receptors that plasticity needs).
 *
 * Settings, in the environment: WETGRAD_BENCH_SERIES (henon,laser), WETGRAD_BENCH_RULES, WETGRAD_BENCH_ARMS, WETGRAD_BENCH_SEEDS
 * (101-108), WETGRAD_BENCH_RESTS (still: as quieted, hardly a spike; moderate: half a spike per second; lively: more than one),
 * WETGRAD_BENCH_MINUTES (10,60). Rows are kept, so that a run that was stopped goes on.
 */
import { RULES, type RuleName } from "../src/culture/rules/rules.ts";
import { bootstrapInterval } from "../src/math/interval.ts";
import { keptUnder } from "./kept.ts";
import { Lesson } from "./retention/lesson.ts";

const ARMS = ["alone", "lessons", "shown", "slowed"] as const;
type Arm = (typeof ARMS)[number];

/** What makes the tissue fire at rest, beyond what it has when quieted. */
const RESTS = {
  still: { driveMv: 0, noiseMv: 0 },
  moderate: { driveMv: 3, noiseMv: 0 },
  lively: { driveMv: 3, noiseMv: 2 },
} as const;

const PRESENTATIONS = 1600;
const BLOCK_MINUTES = 10;
const BLOCK_PRESENTATIONS = 100;
const SLOWED = 0.1;
const CHANCE = 1 / 8;

const names = (name: string, standard: string) => (process.env[name] ?? standard).split(",");

/** Names of a setting out of those that there are. */
function chosen<Name extends string>(setting: string, standard: string, all: readonly Name[]): Name[] {
  return names(setting, standard).map((word) => {
    const name = all.find((known) => known === word);
    if (name === undefined)
      throw new Error(`${setting}: expected names out of ${all.join(", ")}, got "${word}"`);
    return name;
  });
}

const SERIES = names("WETGRAD_BENCH_SERIES", "henon,laser");
const RULE_NAMES = chosen("WETGRAD_BENCH_RULES", RULES.join(","), RULES);
const ARM_NAMES = chosen("WETGRAD_BENCH_ARMS", "alone", ARMS);
const SEEDS = names("WETGRAD_BENCH_SEEDS", "101,102,103,104,105,106,107,108").map(Number);
const REST_NAMES = chosen("WETGRAD_BENCH_RESTS", "moderate", Object.keys(RESTS) as (keyof typeof RESTS)[]);
const MINUTES = names("WETGRAD_BENCH_MINUTES", "10,60").map(Number);

interface Row {
  /** Before and after each of the times. */
  readonly accuracy: readonly number[];
  /** Mean rate of the excitatory cells in each stretch of rest. */
  readonly restHz: readonly number[];
  readonly lessonPulses: number;
  readonly restPulses: number;
}

export async function run(): Promise<object> {
  const found = [];
  for (const series of SERIES)
    for (const rest of REST_NAMES)
      for (const rule of RULE_NAMES)
        for (const arm of ARM_NAMES) {
          const rows: Row[] = [];
          for (const seed of SEEDS) {
            const about = { series, rule, arm, rest, seed, minutes: MINUTES };
            const row = await keptUnder("retention", about, () => taughtAndLeft(about));
            console.error(JSON.stringify({ ...about, ...row }));
            rows.push(row);
          }
          found.push({ series, rule, arm, rest, ...summaryOf(rows) });
        }
  return { seeds: SEEDS, minutes: MINUTES, presentations: PRESENTATIONS, found };
}

interface Subject {
  readonly series: string;
  readonly rule: RuleName;
  readonly arm: Arm;
  readonly rest: keyof typeof RESTS;
  readonly seed: number;
}

async function taughtAndLeft({ arm, rest, ...options }: Subject): Promise<Row> {
  const lesson = await Lesson.begin({ ...options, ...RESTS[rest] });
  const lessonPulses = await lesson.show(PRESENTATIONS, true);
  const accuracy = [await lesson.probe()];
  const restHz: number[] = [];
  let restPulses = 0;
  let minute = 0;
  for (const until of MINUTES) {
    let spikesPerCell = 0;
    const from = minute;
    while (minute < until) {
      const minutes = Math.min(BLOCK_MINUTES, until - minute);
      spikesPerCell += 60 * minutes * (await lesson.rest(60 * minutes, arm === "slowed" ? SLOWED : 1));
      minute += minutes;
      if (arm === "lessons" || arm === "shown")
        restPulses += await lesson.show(BLOCK_PRESENTATIONS, arm === "lessons");
    }
    restHz.push(spikesPerCell / (60 * (until - from)));
    accuracy.push(await lesson.probe());
  }
  return { accuracy, restHz, lessonPulses, restPulses };
}

function summaryOf(rows: readonly Row[]) {
  const mean = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const after = (k: number) => bootstrapInterval(rows.map(({ accuracy }) => accuracy[k]));
  const gain = (k: number) => mean(({ accuracy }) => accuracy[k]) - CHANCE;
  return {
    before: after(0),
    after: MINUTES.map((minutes, k) => ({
      minutes,
      accuracy: after(k + 1),
      gainLeft: gain(k + 1) / gain(0),
      restHz: mean(({ restHz }) => restHz[k]),
    })),
    lessonPulses: mean(({ lessonPulses }) => lessonPulses),
    restPulses: mean(({ restPulses }) => restPulses),
  };
}
