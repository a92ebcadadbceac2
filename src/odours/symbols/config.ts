/** What a run of the lesson of symbols is asked for. */
import { z } from "zod";
import { WIRINGS } from "../controls.ts";
import { SYMBOL_ARMS, type SymbolArm } from "./arms.ts";

const ARMS = Object.keys(SYMBOL_ARMS) as [SymbolArm, ...SymbolArm[]];

export const symbolsConfig = z.strictObject({
  seeds: z.int().min(1).max(1000),
  /** Settings are chosen on other seeds (0 and 1) than those that are reported. */
  firstSeed: z.int().min(0).max(1_000_000),
  /** Descent is among them: others replay it. */
  arms: z
    .array(z.enum(ARMS))
    .min(1)
    .refine((arms) => arms.includes("descent"), "expected descent among the arms: others replay its doses"),
  /** With these wirings descent teaches; arms are those of the wiring itself. */
  wirings: z.array(z.enum(Object.keys(WIRINGS) as [string, ...string[]])).min(1),
  /** A round is a lesson of each symbol. */
  rounds: z.int().min(1).max(10_000),
  babbleRounds: z.int().min(1).max(10_000),
  synapseMv: z.number().positive().max(1000),
  rate: z.number().positive().max(1),
});

export type SymbolsConfig = z.infer<typeof symbolsConfig>;

export const SYMBOLS_DEFAULTS: SymbolsConfig = {
  seeds: 8,
  firstSeed: 20,
  arms: ARMS,
  wirings: Object.keys(WIRINGS),
  rounds: 60,
  babbleRounds: 8,
  synapseMv: 0.8,
  rate: 0.01,
};
