/** The task of a seed, by name. A new task is one file and one entry here, or comes through `registerTask`. */
import { basename } from "node:path";
import type { Task } from "./contract.ts";
import { describeTask, type TaskDescription } from "./descriptions.ts";
import { openDoom } from "./doom/open.ts";
import type { DoomOptions } from "./doom/options.ts";
import { TaskError } from "./error.ts";
import { peersTask } from "./peers.ts";
import { pongTask } from "./pong/pong.ts";
import { openSeries } from "./series/open.ts";
import { signalsTask } from "./signals.ts";

/** A series that a task reads: by name, or a column of a file. */
export interface Stream {
  readonly series: string;
  readonly column?: string | undefined;
}

/** What a task may depend on: how much of it is asked for, of how many brains, on what electrodes. */
export interface TaskOptions {
  readonly brains: number;
  readonly cycles: number;
  /** Presentations of a cycle's training, and of a probe. */
  readonly presentations: number;
  readonly probeTrials: number;
  readonly streams: readonly Stream[];
  /** Electrodes of every sensory zone, those pulsed for a datum of a series, and volleys of a datum. */
  readonly places: number;
  readonly contextSize: number;
  readonly volleys: number;
  /** Of task doom: arena, perception, view, lives. */
  readonly game?: Partial<DoomOptions> | undefined;
}

/** Opens what the task reads, once; then gives the task of each seed. Throws `TaskError` where it cannot serve. */
export type TaskOpener = (options: TaskOptions) => Promise<(seed: number) => Task>;

const openers = new Map<string, TaskOpener>([
  ["series", openSignals],
  ["signals", openSignals],
  [
    "peers",
    async (options) => (seed) =>
      peersTask({ seed, ...options, train: options.presentations, probe: options.probeTrials }),
  ],
  ["doom", async (options) => openDoom(options)],
  ["pong", async (options) => (seed) => pongTask({ seed, ...options })],
]);

/** A task of one's own: what it is, and how it is opened. */
export interface TaskEntry extends TaskDescription {
  readonly open: TaskOpener;
}

/** Adds a task of one's own. Throws `TaskError` where its name is taken. */
export function registerTask({ open, ...description }: TaskEntry): void {
  describeTask(description);
  openers.set(description.name, open);
}

export function taskNames(): string[] {
  return [...openers.keys()];
}

export async function openTask(name: string, options: TaskOptions): Promise<(seed: number) => Task> {
  const opener = openers.get(name);
  if (!opener) throw new TaskError(`task: expected one of ${taskNames().join(", ")}, got ${name}`);
  return opener(options);
}

async function openSignals(options: TaskOptions): Promise<(seed: number) => Task> {
  const { cycles, presentations, probeTrials, places, contextSize } = options;
  if (options.streams.length === 0)
    throw new TaskError("signals: expected at least one series, got none; name some with --streams");
  const opened = await Promise.all(options.streams.map((stream) => openSeries(stream)));
  return (seed) =>
    signalsTask(
      opened.map((series, s) => ({
        name: nameOf(options.streams[s]),
        source: series.source,
        coded: series.code(seed, {
          trainCount: cycles * presentations,
          testCount: probeTrials,
          sensoryCount: places,
          activeCount: contextSize,
        }),
      })),
      { ...options, train: presentations, probe: probeTrials },
    );
}

function nameOf({ series, column }: Stream): string {
  return column === undefined ? basename(series) : `${basename(series)}:${column}`;
}

/** A stream of `FILE:COLUMN`, a file, or a series by name. */
export function streamOf(text: string): Stream {
  const colon = text.lastIndexOf(":");
  return colon > 1 ? { series: text.slice(0, colon), column: text.slice(colon + 1) } : { series: text };
}
