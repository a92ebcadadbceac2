/** What a run of the lesson is asked for. */
import { z } from "zod";
import { READOUTS } from "../circuit.ts";
import { WIRINGS } from "../controls.ts";
import { ARMS } from "./arms.ts";
import { TASKS } from "./stimuli.ts";

const names = <Name extends string>(all: readonly Name[]) => z.array(z.enum(all as [Name, ...Name[]])).min(1);

export const odoursConfig = z.strictObject({
  task: z.enum(TASKS),
  /** Of odours that belong together, from `firstPair` on; settings are chosen on others than those that are reported. */
  pairs: z.int().min(1).max(1000),
  firstPair: z.int().min(0).max(1_000_000),
  seeds: z.int().min(1).max(1000),
  arms: names(Object.keys(ARMS) as (keyof typeof ARMS)[]),
  /** With these wirings the teacher teaches; arms are those of the wiring itself. */
  wirings: names(Object.keys(WIRINGS)),
  readouts: names(READOUTS),
  /** Of each odour in training. */
  trials: z.int().min(1).max(10_000),
  /** Of each odour before it, where descent is among the arms. */
  babbleRounds: z.int().min(1).max(10_000),
  synapseMv: z.number().positive().max(1000),
  rate: z.number().positive().max(1),
  /** How much the same dopamine raises synapses of silent cells, beside what it lowers the others; weights then return slowly. */
  heal: z.number().min(0).max(10),
});

export type OdoursConfig = z.infer<typeof odoursConfig>;

/** 0.8 mV a synapse is the larva's working point without axo-axonic synapses: some 15 % of its Kenyon cells answer an odour. */
export const ODOURS_DEFAULTS: OdoursConfig = {
  task: "odours",
  pairs: 8,
  firstPair: 20,
  seeds: 8,
  arms: Object.keys(ARMS) as (keyof typeof ARMS)[],
  wirings: Object.keys(WIRINGS),
  readouts: [...READOUTS],
  trials: 10,
  babbleRounds: 16,
  synapseMv: 0.8,
  rate: 0.01,
  heal: 0.5,
};

/** Of the configural task: more to learn, so more trials. */
export const CONFIGURAL_DEFAULTS: OdoursConfig = {
  ...ODOURS_DEFAULTS,
  task: "configural",
  trials: 40,
  heal: 0.5,
};
