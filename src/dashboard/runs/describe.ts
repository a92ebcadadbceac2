/** What a page is told of any run, live or saved: what it is, and which cultures it has. */
import { profileAt, specsOf } from "../../experiment/job/setup.ts";
import { jobsOf } from "../../experiment/job/work.ts";
import { type Experiment, planOf } from "../../experiment/plans.ts";
import { isReadByCounts } from "../../methods/descriptions.ts";
import type { RunMessage } from "../protocol.ts";

export interface RunNow {
  readonly state: RunMessage["state"];
  readonly note?: string | undefined;
  /** Of a vat that is going on: the seed whose brains are held now; the brains of all seeds if not given. */
  readonly seed?: number | undefined;
}

export function describeRun(
  name: string,
  experiment: Experiment,
  { state, note = "", seed }: RunNow,
): RunMessage {
  const plan = planOf(experiment);
  const { brains, neurons } = plan;
  const { electrodes, framesPerSecond, name: array } = profileAt(plan, undefined);
  return {
    kind: "run",
    name,
    state,
    note,
    experiment: experiment.kind,
    config: JSON.parse(JSON.stringify({ ...experiment.config, neurons })),
    cultures: culturesOf(experiment, seed),
    electrodes: electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    device: experiment.kind === "organoid" ? array : `${brains} × ${array}`,
    framesPerSecond,
  };
}

function culturesOf(experiment: Experiment, only: number | undefined): RunMessage["cultures"] {
  const plan = planOf(experiment);
  if (experiment.kind === "organoid")
    return jobsOf(plan).map((job) => ({ label: whoOf(experiment, job), seed: job.seed }));
  const seeds = only === undefined ? jobsOf(plan).map(({ seed }) => seed) : [only];
  return seeds.flatMap((vat) =>
    specsOf(plan, vat, false).map(({ brain, seed }) => ({
      label: seeds.length > 1 ? `seed ${vat}, brain ${brain + 1}` : `brain ${brain + 1}`,
      seed,
      vat,
    })),
  );
}

/** Of a seed and code, or a seed's vat, in words. */
export function whoOf(
  { kind }: Pick<Experiment, "kind">,
  { seed, code }: { readonly seed: number; readonly code: string },
): string {
  return kind === "organoid" ? `seed ${seed}, ${code} code` : `seed ${seed}`;
}

/** The share right of a probe, read as the report reads it: by electrode counts where the method teaches by them, else by the bridge. */
export function rightOf(
  { kind, config }: Experiment,
  code: string,
  {
    accuracy,
    countAccuracy = accuracy,
  }: { readonly accuracy: number; readonly countAccuracy?: number | undefined },
): number {
  const isByCounts = kind === "organoid" && isReadByCounts(config.method ?? "stimulate", code);
  return isByCounts ? countAccuracy : accuracy;
}

/** The number among the cultures of all seeds of one that journal and recording name by seed and code. */
export function cultureIndex(
  experiment: Experiment,
): (of: { readonly seed: number; readonly code: string }) => number {
  const plan = planOf(experiment);
  const jobs = jobsOf(plan);
  if (experiment.kind === "organoid")
    return ({ seed, code }) => jobs.findIndex((job) => job.seed === seed && job.code === code);
  return ({ seed, code }) =>
    jobs.findIndex((job) => job.seed === seed) * plan.brains + Number(/^brain-(\d+)$/.exec(code)?.[1] ?? 0);
}
