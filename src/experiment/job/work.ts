/** Works on one seed and code, wherever its cultures are held. */
import { join } from "node:path";
import { encodeSafetensors } from "../../compute/tensors/safetensors.ts";
import type { Emulator } from "../../emulator/contract.ts";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { methodOf } from "../../methods/registry.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { Cultures } from "../../session/cultures.ts";
import { type Code, cultureSeed, type Plan } from "../../session/plan.ts";
import type { Tissue } from "../../tissue/contract.ts";
import type { TissueEvent } from "../../tissue/events.ts";
import { openTissue, type TissuePlace } from "../../tissue/place.ts";
import type { Checkpoints } from "../checkpoints/checkpoint.ts";
import type { RunControl } from "../control/control.ts";
import { quietDish } from "../dish/quiet.ts";
import type { JournalEntry } from "../journal/entries.ts";
import { assignRoles } from "../roles/assign.ts";
import { asLoud } from "../wired/loudness.ts";
import { runJob } from "./job.ts";
import type { Desk, Lab } from "./lab.ts";
import type { Observer } from "./observer.ts";
import type { Outcome } from "./outcome.ts";
import { type Programs, specsOf, taskOf } from "./setup.ts";

export interface Job {
  readonly seed: number;
  readonly code: Code;
  /** Its place in the run's list of jobs. */
  readonly index: number;
}

/** What all jobs of a run share. */
export interface Workplace {
  readonly plan: Plan;
  readonly folder: string;
  readonly place: TissuePlace;
  readonly control: RunControl;
  readonly checkpoints: Checkpoints;
  readonly programs: Programs;
  readonly log: (entry: JournalEntry) => void;
  readonly observer: Observer;
  /** Called after every step of tissue: true when the run is to stop. Waits while it is paused. */
  readonly tick: () => boolean;
  /** The tissue as it is watched, if it is. */
  readonly watch?: ((tissue: Tissue) => Tissue) | undefined;
  readonly onGrown?: ((brain: number) => void) | undefined;
  /** Hears of the hosts of tissue that is held on other machines. */
  readonly onTissueEvent?: ((event: TissueEvent) => void) | undefined;
}

/** Every seed with every code, in the order of the report. */
export function jobsOf({ seeds, firstSeed, codes }: Plan): Job[] {
  return Array.from({ length: seeds }, (_, i) => firstSeed + i)
    .flatMap((seed) => codes.map((code) => ({ seed, code })))
    .map((job, index) => ({ ...job, index }));
}

/** The outcome of a job: read back if it is there. */
export function work(job: Job, at: Workplace): Promise<Outcome> {
  const { seed, code } = job;
  return at.checkpoints.stage({ seed, code, part: "outcome" }, async () => {
    const wasLeft = at.checkpoints.begun(job).length > 0;
    const place = at.place.kind === "dish" ? { ...at.place, wasLeft } : at.place;
    const opened = await openTissue(place, at.control, at.onTissueEvent);
    const tissue = at.watch?.(opened) ?? opened;
    try {
      return await workOn(job, at, tissue);
    } finally {
      await opened.close();
    }
  });
}

async function workOn(job: Job, at: Workplace, tissue: Tissue): Promise<Outcome> {
  const { plan, programs } = at;
  const { seed } = job;
  const method = methodOf(plan.method);
  const specs = await Promise.all(specsOf(plan, seed, method.needs.tissue.includes("reward")).map(asLoud));
  await tissue.open(specs, at.onGrown);
  const task = (await taskOf(plan, tissue.profile(0)))(seed);
  const layouts = Array.from({ length: plan.brains }, (_, brain) =>
    layoutFor(tissue.profile(brain), cultureSeed(plan, seed, brain), task.classes, plan.writeMs),
  );
  const cultures = new Cultures(tissue, layouts, at.tick);
  const desk = deskOf(job, at, cultures);
  const quieted = await quietDish(desk, -1);
  const notes = [...quieted.notes, ...(await assignRoles(desk))];
  const brains = cultures.layouts.map(({ roles: { sensory, assigned } }) => ({ sensory, assigned }));
  at.log({ about: "roles", value: { seed, code: job.code, cycle: -1, brains } });
  const subject = { method, task, notes, evoked: quieted.evoked };
  if (plan.brains === 1)
    return runJob(
      labOf(desk, at, subject, {
        emulator: await programs.ofOne(layouts, task, plan.fitSteps),
        twin: () => Promise.reject(new Error("internal: one culture has no twin that is not connected")),
      }),
    );
  const many = (connected: boolean) =>
    programs.ofMany(cultures.layouts, task, { fitSteps: plan.fitSteps, connected });
  return runJob(labOf(desk, at, subject, { emulator: await many(true), twin: () => many(false) }));
}

function deskOf({ seed, code }: Job, at: Workplace, cultures: Cultures): Desk {
  const { plan, folder, checkpoints, log, observer } = at;
  const spool = plan.record ? join(folder, "spool") : null;
  return { plan, seed, code, cultures, checkpoints, spool, log, observer };
}

function labOf<M, I>(
  desk: Desk,
  { folder, control, tick }: Workplace,
  subject: Pick<Lab<M, I>, "method" | "task" | "notes" | "evoked">,
  models: { readonly emulator: Emulator<M, I>; readonly twin: () => Promise<Emulator<M, I>> },
): Lab<M, I> {
  const { plan, seed, code, checkpoints, log } = desk;
  return {
    ...desk,
    ...subject,
    ...models,
    pause: tick,
    async tuned(cycle) {
      const tuning = await checkpoints.stage(
        { seed, code, part: "tuning", cycle },
        async () => control.tuning,
      );
      log({ about: "tuning", value: { seed, code, cycle, ...tuning } });
      return tuning;
    },
    async keep(arm, fitted, improved) {
      const name = plan.brains === 1 ? `${seed}-${code}` : `${arm}-seed${seed}`;
      makeFolder(join(folder, "models"));
      writeWhole(
        join(folder, "models", `${name}.safetensors`),
        encodeSafetensors(models.emulator.kept(fitted, improved)),
      );
    },
  };
}
