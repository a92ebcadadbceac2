/** What a run of the experiment is asked for. */
import { z } from "zod";
import { MOST_NEURONS } from "../device/simulated/scaffolds.ts";
import { fieldTexts } from "../experiment/fields/texts.ts";
import { ARM_NAMES } from "./arms.ts";

export const PLACES = ["square", "ranked"] as const;

export const cartpoleConfig = z.strictObject({
  places: z.enum(PLACES).default("square").register(fieldTexts, {
    help: "square: groups of electrodes that favour no pairing; ranked: as published, electrodes that answer the right way already",
  }),
  seeds: z.int().min(1).max(1000).default(8).register(fieldTexts, { help: "cultures per arm" }),
  firstSeed: z.int().min(0).max(1_000_000).default(1).register(fieldTexts, { help: "the first seed" }),
  arms: z
    .array(z.enum(ARM_NAMES))
    .min(1)
    .default([...ARM_NAMES])
    .register(fieldTexts, { help: "who chooses the trains" }),
  seconds: z.number().min(10).max(86_400).default(900).register(fieldTexts, { help: "of the session" }),
  testSeconds: z
    .number()
    .min(10)
    .max(86_400)
    .default(200)
    .register(fieldTexts, { help: "of the test after it, without training" }),
  restMinutes: z
    .number()
    .min(0)
    .max(1440)
    .default(45)
    .register(fieldTexts, { flag: "rest", value: "minutes", help: "alone before a second test; 0: none" }),
  plasticity: z.number().positive().max(1).default(0.3).register(fieldTexts, {
    value: "share",
    help: "of the culture's own: at its own rate play overwrites what was taught",
  }),
  trainHz: z
    .number()
    .min(2.5)
    .max(40)
    .default(10)
    .register(fieldTexts, { help: "pairs a second in a train" }),
  neurons: z
    .int()
    .min(101)
    .max(MOST_NEURONS)
    .default(1000)
    .register(fieldTexts, { help: "neurons of the culture" }),
  sweepRepeats: z
    .int()
    .min(1)
    .max(50)
    .default(20)
    .register(fieldTexts, { help: "pulses on each electrode by which electrodes are chosen" }),
});

export type CartpoleConfig = z.infer<typeof cartpoleConfig>;

/** Arms that are tested again under blockers and after rest; the others are controls of what is taught. */
export const LATER_ARMS = ["none", "adaptive", "descent", "teacher"] as const;

/** What a difference of motor spikes pushes: groups of four electrodes fire more than single ones. */
export const gainOf = ({ places }: Pick<CartpoleConfig, "places">): number => (places === "square" ? 0.5 : 1);
