/** What an experiment writes into its journal as it goes. */
import type { FitLosses } from "../../emulator/contract.ts";
import type { Trained } from "../../methods/contract.ts";
import type { Cultures } from "../../session/cultures.ts";
import type { Desk, Lab } from "../job/lab.ts";
import type { Probe } from "../job/readings.ts";
import type { Place } from "../job/where.ts";
import { probeMessage } from "../live/probe.ts";
import { weightMap } from "../live/weights.ts";
import { keptScore } from "./score.ts";

export function journalFit<M, I>({ log, seed, code }: Lab<M, I>, cycle: number, losses: FitLosses): void {
  const { autoencoderLoss, dynamicsLoss } = losses;
  log({ about: "refit", value: { seed, code, cycle, autoencoderLoss, dynamicsLoss } });
}

/** A cycle of training: the writes that descent chose, or what the method says of it. */
export function journalCycle<M, I>(
  lab: Lab<M, I>,
  arm: string,
  cycle: number,
  { descended, notes, writes = [] }: Trained<M, I>,
): void {
  const { log, seed, code } = lab;
  if (notes) log({ about: "method", value: { seed, code, arm, cycle, ...notes } });
  if (!descended || arm !== "descent") return;
  if (descended.losses) journalFit(lab, cycle, descended.losses);
  const { log: descent, past } = descended;
  log({
    about: "cycle",
    value: {
      seed,
      code,
      cycle,
      crossEntropy: [...descent.crossEntropy],
      forecast: descent.forecast.map((row) => [...row]),
      nextClass: [...past.targets],
      overlap: [...descent.overlap],
      correlation: [...descent.correlation],
      priorError: [...descent.priorError],
      writes: writes.map((row) => row.flatMap((write) => write?.channels ?? [])),
    },
  });
}

export function journalProbe<M, I>(
  { log, seed, code, task, plan }: Lab<M, I>,
  { arm, cycle }: { readonly arm: string; readonly cycle: number },
  probe: Probe,
): void {
  if (plan.arms.includes(arm))
    log({ about: "probe", value: { seed, code, arm, cycle, ...keptScore(task, probe) } });
  // Of the first and last probe alone all is kept, to be looked at later.
  if (cycle >= 0 && cycle < plan.cycles - 1) return;
  if (probe.court) {
    const { paddleSize, places } = probe.court;
    const events = probe.events.map((event) => event?.[0] ?? ".").join("");
    log({ about: "court", value: { seed, code, arm, cycle, paddleSize, places: base64(places), events } });
  }
  const shown = probeMessage(task, { arm, cycle }, probe);
  if (!shown) return;
  const { about: _, ...rest } = shown;
  log({ about: "shown", value: { seed, code, ...rest } });
}

/** The map of one culture's weights after a probe, where its synapses can be read. */
export async function journalWeights(
  { log }: Pick<Desk, "log">,
  { seed, code, arm, cycle, phase }: Place,
  { tissue, layouts }: Cultures,
): Promise<void> {
  if (phase !== "probe" || (arm !== "common" && arm !== "descent") || layouts.length > 1) return;
  if (!tissue.profile(0).abilities.includes("synapses")) return;
  const image = await tissue.perform(0, { kind: "read-tissue" });
  const { mean } = weightMap(image, layouts[0].profile.electrodes);
  log({
    about: "weights",
    value: { seed, code, arm, cycle, mean: base64(mean) },
  });
}

const base64 = ({ buffer }: Float32Array) => Buffer.from(buffer).toString("base64");
