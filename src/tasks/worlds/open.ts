/** The task of a vat's seed, by its configuration. */
import { basename } from "node:path";
import type { VatConfig } from "../../experiment/vat/config.ts";
import type { Task } from "../contract.ts";
import { openTask } from "../open.ts";
import { PLACES, type VatTask } from "./contract.ts";
import { peersTask } from "./peers.ts";
import { pongTask } from "./pong/pong.ts";
import { ACTIVE, signalsTask } from "./signals.ts";

/** Opens what the task reads, once; then gives the task of each seed. Throws `TaskError` where a stream cannot serve. */
export async function openVatTask(config: VatConfig): Promise<(seed: number) => VatTask> {
  const { brains, presentations: train, probeTrials: probe, cycles } = config;
  if (config.task === "peers") return (seed) => peersTask({ seed, brains, train, probe });
  if (config.task === "pong") return (seed) => pongTask({ seed, brains });
  const streams: Task[] = [];
  for (const name of config.streams) streams.push(await openTask(streamOptions(name)));
  const taskOf = (seed: number) =>
    signalsTask(
      streams.map((stream) =>
        stream.code(seed, {
          trainCount: cycles * train,
          testCount: probe,
          sensoryCount: PLACES,
          activeCount: ACTIVE,
        }),
      ),
      config.streams.map((name) => basename(name)),
      { brains, train, probe },
    );
  taskOf(config.firstSeed);
  return taskOf;
}

/** `FILE:COLUMN`, a file, or a series by name. */
function streamOptions(name: string): { series: string; column?: string } {
  const colon = name.lastIndexOf(":");
  return colon > 1 ? { series: name.slice(0, colon), column: name.slice(colon + 1) } : { series: name };
}
