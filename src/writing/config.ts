/** What a run of the writing experiment is asked for. */
import { z } from "zod";
import { fieldTexts } from "../experiment/fields/texts.ts";
import { AFTER_DESCENT, ARM_NAMES } from "./arms.ts";

export const writingConfig = z
  .strictObject({
    seeds: z.int().min(1).max(1000).default(8).register(fieldTexts, { help: "cultures per arm" }),
    firstSeed: z.int().min(0).max(1_000_000).default(1).register(fieldTexts, { help: "the first seed" }),
    arms: z
      .array(z.enum(ARM_NAMES))
      .min(1)
      .default([...ARM_NAMES])
      .register(fieldTexts, { help: "what is written while the contexts are shown" }),
    pairs: z
      .int()
      .min(2)
      .max(32)
      .default(8)
      .register(fieldTexts, { help: "contexts, each with a target string" }),
    targets: z.array(z.string()).min(2).max(32).optional().register(fieldTexts, {
      value: "file",
      help: "the target strings, one a line, in place of pairs drawn from text held out",
    }),
    numbers: z
      .int()
      .min(2)
      .max(32)
      .default(8)
      .register(fieldTexts, { help: "principal numbers of the latent program that are written" }),
    babbles: z
      .int()
      .min(200)
      .max(100_000)
      .default(2000)
      .register(fieldTexts, { help: "babbled strings, before training" }),
    presentations: z
      .int()
      .min(8)
      .max(100_000)
      .default(480)
      .register(fieldTexts, { help: "presentations of a context in training" }),
    probes: z
      .int()
      .min(1)
      .max(1000)
      .default(12)
      .register(fieldTexts, { help: "presentations of each context in a test, nothing written" }),
    plasticity: z
      .number()
      .positive()
      .max(1)
      .default(0.5)
      .register(fieldTexts, { value: "share", help: "of the culture's own, in training" }),
    fitSteps: z
      .int()
      .min(1)
      .max(100_000)
      .default(500)
      .register(fieldTexts, { help: "gradient steps of the emulator's encoder and decoder" }),
    model: z.string().optional().register(fieldTexts, {
      value: "dir",
      help: "folder of a trained text model",
      otherwise: "the one that is shipped",
    }),
  })
  .refine(({ arms }) => arms.includes("descent") || !arms.some((arm) => AFTER_DESCENT.includes(arm)), {
    path: ["arms"],
    message: `${AFTER_DESCENT.join(", ")} go with descent, whose writes they replay`,
  })
  .refine(({ targets, pairs }) => targets === undefined || targets.length === pairs, {
    path: ["pairs"],
    message: "expected as many as there are targets",
  });

export type WritingConfig = z.infer<typeof writingConfig>;
