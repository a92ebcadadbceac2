/** Controls, against what they keep; and the lesson without a brain, against the rule it follows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { scrambledFactors } from "../device/simulated/scramble.ts";
import { claimFolder } from "../files/claim.ts";
import { Random } from "../math/random.ts";
import { learningSynapses } from "../wiring/brain/learning.ts";
import { rewire } from "../wiring/change/rewire.ts";
import { drivingConnections } from "../wiring/contract.ts";
import { saveWiring } from "../wiring/file/save.ts";
import { selectCells } from "../wiring/select.ts";
import { smallLarva } from "../wiring/testing/larva.ts";
import { LARVA } from "./circuit.ts";
import { carried } from "./controls.ts";
import { ODOURS_DEFAULTS } from "./punished/config.ts";
import { runOdours } from "./punished/run.ts";
import { stimuliOf } from "./punished/stimuli.ts";
import { Receptors, receptorsCircuit } from "./subject/receptors.ts";
import { DOPAMINE_MW, ODOUR_MW } from "./subject/subject.ts";
import { SYMBOLS_DEFAULTS } from "./symbols/config.ts";
import { runSymbolsExperiment } from "./symbols/run.ts";
import { wiringVerdict } from "./verdict.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-controls-"));
afterAll(() => rmSync(folder, { recursive: true }));
const wiring = smallLarva();

describe("what was learnt", () => {
  const cells = {
    senders: selectCells(wiring, LARVA.senders),
    receivers: selectCells(wiring, LARVA.receivers),
  };
  const synapses = (of = wiring) => learningSynapses(drivingConnections(of), cells);
  const factors = Float64Array.from(synapses(), (_, i) => 0.1 + i / 1000);

  it("scrambled is the same factors elsewhere", () => {
    const dealt = scrambledFactors(factors, Random.of(1));
    expect([...dealt].sort()).toEqual([...factors].sort());
    expect(dealt.filter((factor, i) => factor === factors[i]).length).toBeLessThan(factors.length / 20);
  });

  it("goes along with its sender and its count where the wiring is changed after", () => {
    const changes = [{ what: "targets", seed: 3, within: "fine" }] as const;
    const after = changes.reduce(rewire, wiring);
    const rows = (of: typeof wiring, values: Float64Array) => {
      const { counts } = drivingConnections(of);
      return synapses(of)
        .map(({ sender, connection }, i) => `${sender} ${counts[connection]} ${values[i]}`)
        .sort();
    };
    expect(rows(after, carried({ wiring, words: LARVA }, changes, factors))).toEqual(rows(wiring, factors));
  });
});

describe("receptors alone", () => {
  const shape = { glomeruli: 8, units: 2 };
  const { modulators, outputs } = receptorsCircuit(shape);
  const odour = (glomeruli: readonly number[], toMs: number) =>
    glomeruli.map((channel) => ({ channel, fromMs: 0, toMs, irradianceMwPerMm2: ODOUR_MW }));
  const teach = [{ channel: modulators[0], fromMs: 0, toMs: 300, irradianceMwPerMm2: DOPAMINE_MW }];

  it("a unit fires at a tenth of its receptors' spikes, weighed; its modulator lowers what was smelled, and no other unit", async () => {
    const subject = new Receptors(shape, 1, { rate: 0.1, heal: 0.2 });
    const spikes = async (glomeruli: readonly number[]) => {
      const counts = await subject.present(5000, odour(glomeruli, 5000), false);
      return outputs.map((channel) => counts[channel]);
    };
    // Three receptors at 150 Hz for 5 s are 2250 spikes on average.
    expect(Math.abs((await spikes([0, 1, 2]))[0] - 225)).toBeLessThan(20);
    const start = await subject.snapshot();
    await subject.present(500, odour([0, 1, 2], 500), true);
    await subject.present(300, teach, true);
    const learned = await subject.learned();
    expect(Math.max(...learned.slice(0, 3))).toBeLessThan(0.6);
    expect(Math.min(...learned.slice(3, 8))).toBeGreaterThan(1);
    expect(learned.slice(8).every((factor) => factor === 1)).toBe(true);
    await subject.restore(start);
    expect(await subject.learned()).toEqual(new Float64Array(16).fill(1));
    await subject.present(500, odour([0, 1, 2], 500), true);
    await subject.present(300, teach, true);
    expect(await subject.learned()).toEqual(learned);
  });
});

describe("configural odours", () => {
  it("no worth of receptors makes both punished odours worth less than both others", () => {
    for (let pair = 0; pair < 20; pair++) {
      const { odours, isPunished } = stimuliOf("configural", { pair, seed: pair }, 21);
      expect(odours.every((odour) => odour.length === 8 && new Set(odour).size === 8)).toBe(true);
      const often = (which: boolean) =>
        odours.flatMap((odour, k) => (isPunished[k] === which ? odour : [])).sort();
      expect(often(true)).toEqual(often(false));
      const other = stimuliOf("configural", { pair, seed: pair + 1 }, 21);
      expect(other.odours).toEqual(odours);
      expect(other.isPunished).toEqual(isPunished.map((punished) => !punished));
    }
  });
});

it("a folder that another process has is refused in one line", async () => {
  const path = join(folder, "larva.safetensors");
  saveWiring(path, wiring);
  const taken = join(folder, "taken");
  claimFolder(taken).release();
  const holder = { host: `${hostname()}-other`, processId: 1, started: "", thread: 0, space: "" };
  writeFileSync(join(taken, "claim", "2.json"), JSON.stringify(holder));
  for (const run of [
    () => runOdours(ODOURS_DEFAULTS, { path, folder: taken }),
    () => runSymbolsExperiment(SYMBOLS_DEFAULTS, { path, folder: taken, answers: ["d"] }),
  ])
    await expect(run()).rejects.toThrow(/^[^\n]*in use by process 1 on [^\n]*$/);
});

describe("the verdict about wiring", () => {
  const rival = (name: string, isBeaten: boolean) => ({
    ...{ name, isBeaten, right: { mean: 0.5, ci95: [0.4, 0.6] as const } },
  });
  const takes = (owed: Parameters<typeof wiringVerdict>[0]) => wiringVerdict(owed).at(-1);

  it("is this wiring, part of it, any, none, or not said", () => {
    const [a, b] = [rival("rewired", true), rival("counts", false)];
    const none = rival("no brain", true);
    expect(takes({ learns: true, changed: [a], noBrain: none })).toBe("What it takes: this wiring.");
    expect(takes({ learns: true, changed: [a, b], noBrain: none })).toContain("part of this wiring");
    expect(takes({ learns: true, changed: [b], noBrain: none })).toContain("any wiring");
    expect(takes({ learns: true, changed: [a], noBrain: rival("no brain", false) })).toContain(
      "no wiring at all",
    );
    expect(takes({ learns: false, changed: [a], noBrain: none })).toContain("not said");
    expect(wiringVerdict({ learns: true, changed: [] })).toEqual([]);
  });
});
