/** The same bits in Node and in browsers: a dish, what is done to it, and the safety gate. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { type Bits, bitsOf } from "./bits.ts";
import { evaluateInChromium } from "./chromium.ts";
import { evaluateInFirefox, firefoxPath } from "./firefox.ts";

const SEED = 3;
const NEURONS = 400;
const DEEDS = "t24.p1x8.u03614725.t8.c400-400-300.f1.p0x4.f0.s.r1.p2x4";
const ASKED = `bitsOf(${SEED}, ${NEURONS}, ${JSON.stringify(DEEDS)})`;

const bundler = new URL("../../scripts/bundle.mjs", import.meta.url).href;
let script = "";
let here: Bits;

beforeAll(async () => {
  const { bundleForBrowser } = (await import(bundler)) as {
    bundleForBrowser: (entry: string) => Promise<string>;
  };
  script = await bundleForBrowser(fileURLToPath(new URL("./bits-page.ts", import.meta.url)));
  here = await bitsOf(SEED, NEURONS, DEEDS);
});

test("the deeds are done, and the gate refuses much", () => {
  expect(here.said).toHaveLength(48);
  expect(here.spikeCount).toBeGreaterThan(1000);
  expect(Number(here.gate.split(" ")[0])).toBeGreaterThan(100);
});

test("a culture and a gate of one seed do in Chromium what they do in Node, to the bit", async () => {
  expect(await evaluateInChromium(script, ASKED)).toEqual(here);
});

const firefox = firefoxPath();
test.skipIf(firefox === null)(
  `and in Firefox${firefox === null ? " (skipped: no firefox-esr in PATH)" : ""}`,
  async () => {
    expect(await evaluateInFirefox(firefox as string, script, ASKED)).toEqual(here);
  },
);
