/** The page's descent of one seed is the same in Node and in browsers, to the bit: weights, losses, writes and synapses. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { evaluateInChromium } from "./chromium.ts";
import { type DescentBits, descentBitsOf } from "./descent-bits.ts";
import { evaluateInFirefox, firefoxPath } from "./firefox.ts";

const SEED = 3;
const NEURONS = 400;
/** Enough that both models are fitted and every note is descended on twice. */
const SETTINGS = { babbleTrials: 80, fitSteps: 20, notes: 16, plasticity: 1 };
const MINUTES = 60_000;

const ASKED = `new Promise((resolve) => {
  const look = () => (globalThis.descentBitsOf ? resolve() : setTimeout(look, 20));
  look();
}).then(() => descentBitsOf(${SEED}, ${NEURONS}, ${JSON.stringify(SETTINGS)}))`;

const bundler = new URL("../../scripts/bundle.mjs", import.meta.url).href;
let script = "";
let here: DescentBits;

beforeAll(async () => {
  const { bundleForBrowser } = (await import(bundler)) as {
    bundleForBrowser: (entry: string, options: object) => Promise<string>;
  };
  const entry = fileURLToPath(new URL("./descent-page.ts", import.meta.url));
  script = await bundleForBrowser(entry, { format: "function" });
  here = await descentBitsOf(SEED, NEURONS, SETTINGS);
}, 5 * MINUTES);

test("models are fitted, and every note is written", () => {
  expect(here.weightCount).toBeGreaterThan(10_000);
  expect(here.crossEntropy).toHaveLength(SETTINGS.notes);
  expect(here.crossEntropy.every(Number.isFinite)).toBe(true);
  expect(here.writes.split(" ").every((channels) => channels !== "")).toBe(true);
});

test(
  "a descent of one seed does in Chromium what it does in Node, to the bit",
  async () => {
    expect(await evaluateInChromium(script, ASKED)).toEqual(here);
  },
  5 * MINUTES,
);

const firefox = firefoxPath();
test.skipIf(firefox === null)(
  `and in Firefox${firefox === null ? " (skipped: no firefox-esr in PATH)" : ""}`,
  async () => {
    expect(await evaluateInFirefox(firefox as string, script, ASKED)).toEqual(here);
  },
  5 * MINUTES,
);
