/** An experiment on paper as a table on a terminal. */

import { RULES } from "../../device/gate/unsafe-pulse.ts";
import { columns, type Paint, PLAIN } from "../../report/columns.ts";
import { duration } from "../../report/format.ts";
import type { Rehearsal, RehearsedElectrode } from "./log.ts";

const ROLES = { place: "places", prediction: "prediction zone", none: "no role" } as const;

export function rehearsalTable(rehearsal: Rehearsal, paint: Paint = PLAIN): string {
  const { stages, electrodes, seconds, pulses, chargeNc, refusedByRule, device } = rehearsal;
  const cell = (text: string, drawn?: (text: string) => string) => ({ text, ...(drawn && { paint: drawn }) });
  const heads = ["begins at", "lasts", "pulses", "refused", ""].map((head) => cell(head, paint.dim));
  const rows = stages.map((stage) => [
    cell(clock(stage.startsAtSeconds)),
    cell(stage.seconds === null ? "?" : duration(stage.seconds)),
    cell(stage.seconds === null ? "" : `${stage.pulses}`),
    cell(stage.refused > 0 ? `${stage.refused}` : "", paint.red),
    cell(stage.name),
  ]);
  const refusals = Object.entries(refusedByRule).map(
    ([rule, count]) => `  ${paint.red(rule)}: ${count} pulses; ${RULES[rule as keyof typeof RULES].expects}`,
  );
  return [
    paint.bold(`${device}: what would be done, and nothing was`),
    "",
    columns([heads, ...rows]),
    "",
    `${duration(seconds)} of the device's clock (fits and descents come on top), ${pulses} pulses, ${(chargeNc / 1000).toFixed(1)} uC`,
    ...Object.entries(ROLES).flatMap(([role, name]) =>
      lineOf(
        electrodes.filter((one) => one.role === role),
        name,
      ),
    ),
    "",
    refusals.length === 0 ? "The safety gate would refuse nothing." : "The safety gate would refuse:",
    ...refusals,
  ].join("\n");
}

function lineOf(electrodes: readonly RehearsedElectrode[], name: string): string[] {
  if (electrodes.length === 0) return [];
  const most = electrodes.reduce((a, b) => (b.pulses > a.pulses ? b : a));
  const mean = electrodes.reduce((sum, { pulses }) => sum + pulses, 0) / electrodes.length;
  return [
    `  ${name}, ${electrodes.length} electrodes: ${mean.toFixed(0)} pulses each; most on channel ${most.channel}: ${most.pulses} pulses, ${most.chargeNc.toFixed(1)} nC`,
  ];
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => `${value}`.padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
