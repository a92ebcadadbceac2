import { expect, it } from "vitest";
import { encodeSafetensors } from "../../compute/index.ts";
import { ownConfig } from "../model/config.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import { trainBpe } from "../tokenizer/train.ts";
import { fitText, type TextFitOptions, type TextFitState } from "./fit.ts";
import { betaAt, learningRateAt, TEXT_DEFAULTS, type TextSettings } from "./settings.ts";

const NOUNS = ["cat", "dog", "man", "hat"];
const SENTENCES = NOUNS.flatMap((a) =>
  NOUNS.flatMap((b) => [`The ${a} has a ${b}.`, `A ${b} is near the ${a}.`]),
);
const tokenizer = new Tokenizer(trainBpe(SENTENCES, 280));
const settings: TextSettings = {
  ...TEXT_DEFAULTS,
  seed: 3,
  tokens: 60,
  baseShare: 0.4,
  config: ownConfig({
    vocabulary: 280,
    width: 16,
    layers: 1,
    heads: 2,
    headWidth: 8,
    keyHeads: 2,
    hidden: 32,
    context: 10,
  }),
  shape: { latents: 4, poolQueries: 2, prefixPairs: 1, adapterWidth: 4 },
};
const options = { budget: { steps: 20 }, special: { pad: 0, end: 1 } };
const bytesOf = (tree: unknown) => Buffer.from(encodeSafetensors(tree)).toString("base64");
const trained = (more: Partial<TextFitOptions> = {}, given = settings) =>
  fitText(SENTENCES, tokenizer, given, { ...options, ...more });

/** Stops before step `steps` of the stage; the signal is asked once before every step, 8 of the base and then 12. */
async function stoppedAt(stage: "base" | "adavae", steps: number): Promise<TextFitState> {
  let asked = 0;
  const signal = {
    get aborted() {
      return asked++ === (stage === "base" ? steps : 8 + steps);
    },
  } as AbortSignal;
  const stopped = await trained({ signal });
  if (stopped.finished) throw new Error("expected a fit that was stopped");
  return stopped.state;
}

it("ends with the same bits when stopped in either stage and resumed", async () => {
  const whole = await trained();
  if (!whole.finished) throw new Error("expected a finished fit");
  for (const stage of ["base", "adavae"] as const) {
    const state = await stoppedAt(stage, 5);
    expect({ stage: state.stage, steps: state.steps }).toEqual({ stage, steps: 5 });
    const resumed = await trained({ resume: state });
    if (!resumed.finished) throw new Error("expected a finished fit");
    expect(bytesOf(resumed.model)).toBe(bytesOf(whole.model));
    expect(bytesOf(resumed.base)).toBe(bytesOf(whole.base));
  }
});

it("leaves a frozen base as it is and trains adapters on it", async () => {
  const frozen = await trained({}, { ...settings, frozen: true });
  if (!frozen.finished) throw new Error("expected a finished fit");
  expect(bytesOf(frozen.model.decoder)).toBe(bytesOf(frozen.base));
  expect(bytesOf(frozen.model.encoder)).toBe(bytesOf(frozen.base.stack));
  expect(frozen.model.adapters.decoder[0].up.weight.data.some((value) => value !== 0)).toBe(true);
});

it("raises the weight of KL from 0 in each cycle, and warms up the learning rate", () => {
  const once = { beta: 0.4, cycles: 1 };
  expect([0, 0.1, 0.3, 0.5, 1].map((share) => betaAt(once, share))).toEqual([
    0,
    0,
    expect.closeTo(0.2, 9),
    0.4,
    0.4,
  ]);
  expect(betaAt({ beta: 0.4, cycles: 4 }, 0.5)).toBe(0);
  expect(betaAt({ beta: 0.4, cycles: 4 }, 0.24)).toBe(0.4);
  expect(learningRateAt(1, 0, 0)).toBeCloseTo(0.01, 9);
  expect(learningRateAt(1, 1e4, 1)).toBeCloseTo(0.01, 9);
});
