/**
 * What a page and the server say to each other over the WebSocket, beside the binary frames: JSON, checked on both
 * sides. A new page is first told everything that still holds, then what happens.
 */
import { z } from "zod";
import { tuning } from "../experiment/control/tuning.ts";
import { reportSchema } from "../report/schema.ts";
import { heard, lesson, reading, sentences } from "./reader-messages.ts";

/** The culture of frames and messages that are of all cultures together. */
export const WHOLE = 0xffff;

const finite = z.number();
const numbers = z.array(finite).readonly();
const culture = z.int().min(0).max(WHOLE);
const where = { culture, arm: z.string(), cycle: z.int().min(-1) };
/** The seed of all cultures together; absent where one culture is meant, whose seed the run tells. */
const seedOfAll = { seed: z.int().optional() };

/** What a form can start. */
export const EXPERIMENTS = ["organoid", "vat"] as const;
export type ExperimentKind = (typeof EXPERIMENTS)[number];

/** What can be shown: beside these, cultures that read, and that are written to, by the command line. */
export const SHOWN = [...EXPERIMENTS, "reading", "writing"] as const;

/** Runs that are laid over each other at most. */
export const MOST_COMPARED = 6;

/** Characters of a name and of a note that a run is given at most. */
export const MOST_TITLE = 80;
export const MOST_NOTE = 2000;

const RUN_STATES = ["running", "paused", "stopping", "stopped", "finished", "failed", "saved"] as const;

const electrode = z.object({ channel: z.int().min(0), xUm: finite, yUm: finite });

/** What is on show: a run, live or saved. */
const run = z.object({
  kind: z.literal("run"),
  name: z.string(),
  state: z.enum(RUN_STATES),
  experiment: z.enum(SHOWN),
  config: z.record(z.string(), z.json()),
  cultures: z.array(
    z.object({
      label: z.string(),
      /** That it grew from. */
      seed: z.int(),
      /** The seed of the vat that it is a brain of; absent where it is by itself. */
      vat: z.int().optional(),
    }),
  ),
  electrodes: z.array(electrode),
  device: z.string(),
  framesPerSecond: finite,
  /** Why it failed, or what to know. */
  note: z.string(),
});

const progress = z.object({
  kind: z.literal("progress"),
  done: finite,
  total: finite,
  unit: z.string(),
  message: z.string(),
});

const place = z.object({ kind: z.literal("place"), ...where, phase: z.string(), atMs: finite });

/** A finished stage: what a culture, or all together, did from when to when (wall clock). */
const stage = z.object({
  kind: z.literal("stage"),
  culture,
  ...seedOfAll,
  /** An arm, or a part of the work beside them. */
  name: z.string(),
  cycle: z.int().min(0).optional(),
  seconds: finite,
  atMs: finite,
});

const write = z.object({
  kind: z.literal("write"),
  culture,
  ...seedOfAll,
  cycle: z.int().min(0),
  presentation: z.int().min(0),
  /** Of one culture: class probabilities before the emulator learned, and the class that followed. */
  forecast: numbers.optional(),
  nextClass: z.int().min(0).optional(),
  crossEntropy: finite.optional(),
  priorError: finite.optional(),
  overlap: finite.optional(),
  correlation: finite.optional(),
});

const fit = z.object({
  kind: z.literal("fit"),
  culture,
  ...seedOfAll,
  cycle: z.int().min(0),
  autoencoderLoss: finite.optional(),
  dynamicsLoss: finite.optional(),
});

const probe = z.object({
  kind: z.literal("probe"),
  ...where,
  accuracy: finite,
  /** The first held-out steps; absent where the score alone was kept. */
  shown: z
    .object({
      firstStep: z.int().min(0),
      truth: numbers,
      predicted: numbers,
      labels: z.array(z.int()).readonly(),
      latent: z.array(numbers).readonly(),
      explained: numbers,
    })
    .optional(),
});

const refusal = z.object({
  atFrame: finite,
  channel: z.int(),
  frame: finite,
  rule: z.string(),
});

const ledger = z.object({
  kind: z.literal("ledger"),
  culture,
  electrodes: z.array(
    z.object({
      channel: z.int().min(0),
      pulses: finite,
      chargeNc: finite,
      /** Absent from a recording, as refusals are. */
      netChargeNc: finite.optional(),
      refusals: finite.optional(),
    }),
  ),
  refusals: finite.optional(),
  recentRefusals: z.array(refusal).optional(),
});

const timing = z.object({
  kind: z.literal("timing"),
  culture,
  deviceMs: z.array(finite),
  computeMs: z.array(finite),
  deviceSecondsPerSecond: finite,
});

/** A thread's gate has stopped (wall clock, ms since 1970). */
const stopped = z.object({
  kind: z.literal("stopped"),
  culture,
  /** When the key was pressed or the button hit, by the page's clock. */
  requestedAtMs: finite,
  /** When the server was told. */
  heardAtMs: finite,
  /** When the last call of pulses that passed the gate was delivered; null if none was. */
  lastDeliveredAtMs: finite.nullable(),
  noticedAtMs: finite,
});

const log = z.object({
  kind: z.literal("log"),
  /** Absent where the time of day was not kept. */
  atMs: finite.optional(),
  level: z.enum(["info", "good", "warning", "error"]),
  text: z.string(),
});

/** The report of the seeds that have finished. */
const report = z.object({
  kind: z.literal("report"),
  finished: z.int().min(0),
  of: z.int().min(1),
  report: reportSchema,
  /** Seconds by stage, of a saved run. */
  stages: z.record(z.string(), z.number()),
});

/** The report of an experiment that the page has no figures of its own for: drawn, with the data of each figure. */
const drawn = z.object({
  kind: z.literal("drawn"),
  finished: z.int().min(0),
  of: z.int().min(1),
  figures: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      caption: z.string(),
      svg: z.string(),
      /** The first row: names. */
      rows: z.array(z.array(z.union([z.string(), finite, z.null()]))),
    }),
  ),
});

/** The result of one probe of a vat. */
const vatProbe = z.object({
  kind: z.literal("vatProbe"),
  seed: z.int(),
  arm: z.string(),
  cycle: z.int().min(-1),
  /** Right answers of the vat together, and of its brains by themselves (mean). */
  together: finite,
  alone: finite,
  /** Of each brain: bits per spike that the others predict over its own past. */
  bits: z.array(finite).optional(),
  hitsPerRally: finite.optional(),
});

/** Pong as a vat played it in a probe: `places` has ball x, ball y and paddle y of every step, counted from the top left. */
const court = z.object({
  kind: z.literal("court"),
  seed: z.int(),
  arm: z.string(),
  cycle: z.int().min(-1),
  paddleSize: finite,
  places: numbers,
  /** A letter for each step: h for a ball returned, m for one missed. */
  events: z.string(),
});

/** What holds for cycles that begin from now on. */
const tuned = z.object({ kind: z.literal("tuning"), tuning });

const channels = z.array(z.int().min(0));

/** What the electrodes of a culture stand for: places of a datum in their order, and each class's group. */
const roles = z.object({ kind: z.literal("roles"), culture, sensory: channels, assigned: z.array(channels) });

/** Stretches of a saved recording that can be asked for. */
const segments = z.object({
  kind: z.literal("segments"),
  segments: z.array(
    z.object({
      ...where,
      phase: z.string(),
      startSeconds: finite,
      stopSeconds: finite,
      spikes: z.int().min(0),
    }),
  ),
});

/** All runs that this server knows. */
const runs = z.object({
  kind: z.literal("runs"),
  runs: z.array(
    z.object({
      name: z.string(),
      state: z.enum(["live", "finished", "unfinished"]),
      experiment: z.enum(SHOWN),
      series: z.string(),
      headline: z.string(),
      /** What somebody has called it, and what they say of it; empty if nothing. */
      title: z.string(),
      note: z.string(),
      modifiedMs: finite,
    }),
  ),
  /** The one that is going on here. */
  live: z.string().nullable(),
});

const interval = z.object({ mean: finite, lo: finite, hi: finite });

/** Finished runs side by side: what was right at the end, and how it came, by arm. */
const comparison = z.object({
  kind: z.literal("comparison"),
  runs: z.array(
    z.object({
      /** Of the run, with its code where it has several. */
      label: z.string(),
      /** What is counted: right answers of a culture alone, or of a vat together, and whether it is a share. */
      metric: z.string(),
      isShare: z.boolean(),
      arms: z.array(
        z.object({
          arm: z.string(),
          end: interval,
          /** By presentations of training. */
          curve: z.array(interval.extend({ presentations: finite })),
        }),
      ),
    }),
  ),
});

/** Something asked for that was not done; `path` names the field of a form. */
const refused = z.object({ kind: z.literal("refused"), message: z.string(), path: z.string() });

/** A run was started: the page goes there. */
const started = z.object({ kind: z.literal("started"), name: z.string() });

export const serverMessage = z.discriminatedUnion("kind", [
  ...[run, progress, place, stage, write, fit, probe, ledger, timing, stopped, log, report, segments],
  ...[reading, lesson, heard, sentences],
  ...[drawn, vatProbe, court, tuned, roles, comparison, runs, refused, started],
] as const);

export const clientMessage = z.discriminatedUnion("kind", [
  /** Which cultures' frames are wanted; none while the page is hidden or shows no frames. */
  z.strictObject({ kind: z.literal("watch"), cultures: z.array(culture).max(1000) }),
  /** `atMs`: when the key was pressed, by the page's clock. Whatever else it holds, a stop is a stop. */
  z.object({ kind: z.literal("stop"), atMs: finite.optional().catch(undefined) }),
  z.strictObject({ kind: z.literal("pause") }),
  z.strictObject({ kind: z.literal("resume") }),
  z.strictObject({ kind: z.literal("tune"), tuning }),
  /** Starts a run; checked by the schema of the command line. */
  z.strictObject({
    kind: z.literal("start"),
    experiment: z.enum(EXPERIMENTS),
    config: z.record(z.string(), z.json()),
  }),
  z.strictObject({ kind: z.literal("continue"), name: z.string().max(255) }),
  /** Calls a run something, and says something of it. */
  z.strictObject({
    kind: z.literal("annotate"),
    name: z.string().max(255),
    title: z.string().max(MOST_TITLE),
    note: z.string().max(MOST_NOTE),
  }),
  z.strictObject({ kind: z.literal("segment"), index: z.int().min(0) }),
  z.strictObject({
    kind: z.literal("compare"),
    names: z.array(z.string().max(255)).min(1).max(MOST_COMPARED),
  }),
]);

export type ServerMessage = z.infer<typeof serverMessage>;
export type ClientMessage = z.infer<typeof clientMessage>;
export type MessageOf<Kind extends ServerMessage["kind"]> = Extract<ServerMessage, { kind: Kind }>;
export type RunMessage = MessageOf<"run">;
