/** The culture's purpose: under a hand-made teacher it learns a cycle of eight symbols, and without one it does not. */
import { expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { growSheet } from "./anatomy.ts";
import { Culture } from "./culture.ts";
import { quiet } from "./parameters.ts";

const CLASSES = 8;
const anatomy = growSheet(3);
const electrodes = Array.from({ length: 64 }, (_, e) => ({
  xMm: 0.1 + 0.2 * (e % 8),
  yMm: 0.1 + 0.2 * Math.floor(e / 8),
  isInput: (e + Math.floor(e / 8)) % 2 === 0,
}));
const distances = electrodes.map(({ xMm, yMm }) =>
  Array.from({ length: 1000 }, (_, i) =>
    Math.hypot(anatomy.positionsMm[2 * i] - xMm, anatomy.positionsMm[2 * i + 1] - yMm),
  ),
);

it("learns a cycle from a teacher and not without one", () => {
  const taught = learnCycle(true);
  const untaught = learnCycle(false);
  expect(taught.before).toBeLessThan(0.4);
  expect(taught.after).toBeGreaterThan(0.8); // recipe: 0.93 after 200 presentations
  expect(untaught.after).toBeLessThan(0.4); // chance 0.125
});

/** Share of right next symbols before and after 200 presentations, read without teacher or plasticity. */
function learnCycle(withTeacher: boolean): { before: number; after: number } {
  const random = Random.of(3, "cycle");
  const culture = new Culture(anatomy, quiet, 3);
  const [inputs, outputs] = [true, false].map((isInput) => {
    const zone = electrodes.flatMap((electrode, e) => (electrode.isInput === isInput ? [e] : []));
    const order = random.permutation(zone.length);
    return Array.from({ length: CLASSES }, (_, k) => order.slice(4 * k, 4 * k + 4).map((at) => zone[at]));
  });
  const order = random.permutation(CLASSES);
  const next = (symbol: number) => order[(order.indexOf(symbol) + 1) % CLASSES];
  const steps = (ms: number) => Math.round(ms / culture.stepMs);
  const classOf = Array.from({ length: 1000 }, (_, i) =>
    outputs!.findIndex((group) => group.some((e) => distances[e][i] < 0.09)),
  );
  const pulse = (group: number[]) => {
    for (const e of group)
      culture.depolarise(
        distances[e].map((_, i) => i),
        distances[e].map((d) => 40 * Math.exp(-((d / 0.11) ** 2))),
      );
  };
  /** Shows one symbol; returns the class whose electrodes answered most, 3 to 20 ms after it. */
  const present = (symbol: number, teach: boolean): number => {
    const votes = new Array<number>(CLASSES).fill(0);
    pulse(inputs![symbol]);
    culture.advance(steps(3));
    const count = (ms: number) => {
      for (const neuron of culture.advance(steps(ms)).neurons)
        if (classOf[neuron] >= 0) votes[classOf[neuron]]++;
    };
    count(4);
    if (teach) pulse(outputs![next(symbol)]);
    count(13);
    culture.advance(steps(80));
    return votes.indexOf(Math.max(...votes));
  };
  let symbol = order[0];
  const run = (presentations: number, teach: boolean) => {
    let right = 0;
    for (let k = 0; k < presentations; k++, symbol = next(symbol))
      if (present(symbol, teach) === next(symbol)) right++;
    return right / presentations;
  };
  const probe = () => {
    culture.setPlasticity(0);
    const score = run(40, false);
    culture.setPlasticity(1);
    return score;
  };
  culture.advance(steps(3000));
  const before = probe();
  run(200, withTeacher);
  return { before, after: probe() };
}
