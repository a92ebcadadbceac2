/** Which culture and which part of its training a row of a run's file belongs to. */
import type { TableColumn } from "./table.ts";

export interface NwbOrigin {
  readonly seed: number;
  /** Code of the prediction zone: `assigned` or `free`. */
  readonly code: string;
  readonly arm: string;
  readonly cycle: number;
  readonly phase: string;
}

export const ORIGIN: readonly TableColumn[] = [
  { name: "seed", description: "random seed of the culture", type: "i32" },
  { name: "code", description: "code of the prediction zone: assigned or free", type: "text" },
  { name: "arm", description: "arm of the experiment", type: "text" },
  { name: "cycle", description: "training cycle, counted from 0; -1 before the first", type: "i32" },
  { name: "phase", description: "part of the cycle", type: "text" },
];

/** What is of one culture in the file of a run is named after it; its parts hold no "_" (spool/segment.ts). */
export function cultureKey({ seed, code, arm }: Pick<NwbOrigin, "seed" | "code" | "arm">): string {
  return `seed${seed}_${code}_${arm}`;
}

/** Of a culture's table of pulses, the name without its culture. */
export const STIMULATION = "stimulation_";
