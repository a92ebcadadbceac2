import { beforeAll, describe, expect, it } from "vitest";
import { NOTHING, STRANGE } from "../emulator/contract.ts";
import { Random } from "../math/random.ts";
import { babble, randomPattern } from "./babble.ts";
import type { Cultures } from "./cultures.ts";
import { Recorder } from "./recorder.ts";
import { smallCultures, smallTask } from "./testing.ts";

let cultures: Cultures;
let steps = 0;
beforeAll(async () => {
  cultures = await smallCultures({ tick: () => ++steps < 0 });
});

describe("babble", () => {
  it("shows data and patterns at random, independent of each other, without one refused pulse", async () => {
    const [{ roles, frames }] = cultures.layouts;
    const world = (await smallTask()).world("train", 0, true);
    const contexts = Array.from({ length: 12 }, () => {
      const [{ places }] = world.present();
      world.advance(Int32Array.of(0));
      return places;
    });
    const count = 400;
    steps = 0;
    const recorder = new Recorder();
    cultures.recorder = recorder;
    let refused = 0;
    const present = cultures.present.bind(cultures);
    cultures.present = async (presentation) => {
      const presented = await present(presentation);
      refused += presented.refused;
      return presented;
    };
    const { states, patternOf } = await babble(
      cultures,
      {
        task: {
          babble: (random) => ({
            places: contexts[random.integer(contexts.length)],
            volleys: frames.volleys.length,
          }),
        },
        patterns: [roles.assigned],
        strangeShare: 0.25,
        steps: count,
        plasticity: 0.05,
      },
      Random.of(3),
    );
    expect(refused).toBe(0);
    expect(steps).toBe(count);
    const { startFrame, endFrame, series } = recorder.finish(0, cultures.frameOf(0));
    expect(endFrame - startFrame).toBe(count * frames.presentation);
    expect(series.map(({ name }) => name)).toEqual(["pattern"]);
    expect([...(series[0].values as number[])]).toEqual([...patternOf]);
    expect([...states.written]).toEqual([...patternOf].map((p) => (p === NOTHING ? 0 : 1)));
    const share = (of: (p: number) => boolean) => patternOf.filter(of).length / count;
    expect(share((p) => p === NOTHING)).toBeGreaterThan(0.1);
    const written = patternOf.filter((p) => p !== NOTHING);
    expect(Math.abs(written.filter((p) => p === STRANGE).length / written.length - 0.25)).toBeLessThan(0.1);
    for (let p = 0; p < 8; p++) expect(patternOf).toContain(p);

    const places = roles.sensory.length;
    const shown = Array.from({ length: count }, (_, n) =>
      Array.from({ length: places }, (_, s) => s).filter((s) => states.data[n * places + s] === 1),
    );
    const known = contexts.map((context) => [...context].sort((a, b) => a - b).join());
    for (const context of shown) expect(known).toContain(context.join());
    // Independence: chi-square of the datum shown against written or not, within four of its standard deviations.
    const rows = [...new Set(shown.map(String))];
    const table = rows.map((row) =>
      [0, 1].map((w) => shown.filter((s, n) => String(s) === row && states.written[n] === w).length),
    );
    let chi = 0;
    for (const row of table)
      row.forEach((seen, w) => {
        const expected = ((row[0] + row[1]) * table.reduce((sum, r) => sum + r[w], 0)) / count;
        chi += (seen - expected) ** 2 / expected;
      });
    const freedom = rows.length - 1;
    expect(chi).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  it("draws random patterns of different channels of the zone", () => {
    const random = Random.of(4);
    const [layout] = cultures.layouts;
    for (let i = 0; i < 100; i++) {
      const pattern = randomPattern(layout, random);
      expect(new Set(pattern).size).toBe(layout.protocol.patternSize);
      expect(pattern.every((channel) => layout.roles.prediction.includes(channel))).toBe(true);
    }
  });
});
