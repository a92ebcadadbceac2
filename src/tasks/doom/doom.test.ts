/** The game of lives, where the engine is (wetgrad doom setup): perception, code, lives, players without tissue. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { installedDoom, isDoomInstalled } from "../../engines/installed.ts";
import { arenas } from "../../games/doom/arenas/arenas.ts";
import { Random } from "../../math/random.ts";
import type { WorldEvent } from "../contract.ts";
import { openTask } from "../open.ts";
import { givenOf, givenOfEye, givenOfHand, NOTHING } from "./coding.ts";
import { endedLives, livesOf, scoreOf } from "./lives.ts";
import { senseOf, WHOLE, windows } from "./perception.ts";
import { PersonGame } from "./person.ts";
import { Stage } from "./stage.ts";

const options = {
  brains: 4,
  cycles: 1,
  presentations: 100,
  probeTrials: 400,
  streams: [],
  places: 32,
  contextSize: 3,
  volleys: 3,
};

test("lives as a word of hits and misses", () => {
  const events = fc.array(fc.constantFrom<WorldEvent | null>("hit", "miss", null), { minLength: 1 });
  fc.assert(
    fc.property(events, (row) => {
      const ended = row
        .map((event) => (event === "hit" ? "k" : event === "miss" ? "|" : "."))
        .join("")
        .split("|");
      const whole = ended.length > 1 ? ended.slice(0, -1) : ended;
      const kills = whole.map((life) => life.replaceAll(".", "").length);
      expect(livesOf(row).map(({ scored }) => scored)).toEqual(kills);
      expect(endedLives(row)).toBe(ended.length - 1);
      expect(scoreOf(row, "kills").killsPerLife).toBeCloseTo(
        kills.reduce((a, b) => a + b, 0) / kills.length,
        9,
      );
    }),
  );
});

test("a code by the bearing: sites from left to right, faster where it is nearer, nothing for nothing", () => {
  const bearings = fc.float({ min: -45, max: 45, noNaN: true });
  fc.assert(
    fc.property(bearings, bearings, fc.float({ min: 1, max: 900, noNaN: true }), (a, b, distance) => {
      const [left, right] = [Math.min(a, b), Math.max(a, b)].map((bearing) =>
        givenOf({ bearing, distance }, 0),
      );
      expect(left.site).toBeLessThanOrEqual(right.site);
      expect(left.site).toBeGreaterThan(0);
      expect(right.thirds).toBe(distance < 200 ? 3 : distance < 400 ? 2 : 1);
    }),
  );
  expect(givenOf(null, 1)).toEqual(NOTHING);
  expect([givenOfEye(null, 0, 15), givenOfHand(-1)]).toEqual([NOTHING, NOTHING]);
  expect([0, 1, 2].map((told) => givenOfHand(told).site)).toEqual([4, 5, 6]);
  expect([-15, 0, 15].map((ahead) => givenOfEye({ bearing: 0, distance: 300 }, 0, ahead).site)).toEqual([
    1, 2, 3,
  ]);
});

test("windows cover the field of view, each place twice but the edges", () => {
  for (const brains of [2, 3, 8]) {
    const all = windows(brains);
    expect([all[0].from, all[brains - 1].to]).toEqual([WHOLE.from, WHOLE.to]);
    for (let bearing = -44; bearing <= 44; bearing++) {
      const seeing = all.filter(({ from, to }) => bearing >= from && bearing <= to).length;
      expect(seeing).toBeGreaterThanOrEqual(1);
      expect(seeing).toBeLessThanOrEqual(3);
    }
  }
});

describe.skipIf(!isDoomInstalled())("with the engine (wetgrad doom setup)", () => {
  test("rays and pixels see the monster that the engine's list names, where it stands alone", () => {
    const stage = new Stage(arenas["centre"], installedDoom(), { pixels: true });
    const arena = stage.take({ aside: null });
    const senses = (["labels", "retina", "pixels"] as const).map((perception) =>
      senseOf(perception, WHOLE, Random.of(1, "eyes"), stage),
    );
    let compared = 0;
    const [off, seenByPixels] = [[] as number[], [] as number[]];
    for (let life = 0; life < 12; life++) {
      arena.begin(Random.of(5, "life", life));
      for (let step = 0; step < 20 && !arena.life.isOver; step++) {
        arena.step(2);
        if (arena.seen.length !== 1) continue;
        const [label, ray, pixel] = senses.map((sense) => sense(arena));
        if (!label || Math.abs(label.bearing) > 40) continue;
        compared++;
        if (ray) off.push(Math.abs(ray.bearing - label.bearing));
        if (pixel && Math.abs(pixel.bearing - label.bearing) < 5) seenByPixels.push(pixel.distance);
      }
    }
    expect(compared).toBeGreaterThan(20);
    expect(off.length).toBeGreaterThan(0.9 * compared);
    // Rays meet also what only reaches into the field of view.
    expect(off.filter((degrees) => degrees < 4).length).toBeGreaterThan(0.8 * off.length);
    expect(seenByPixels.length).toBeGreaterThan(0.7 * compared);
  });

  test("a perfect reader plays better than who learns from rewards, and those better than nobody; a retina serves as well", async () => {
    for (const perception of ["labels", "retina"] as const) {
      const task = (await openTask("doom", { ...options, game: { perception, lives: 5 } }))(3);
      const scores = await task.opponents!({ train: 300, probe: 2000, blocks: 1 });
      const kills = (name: string) => scores[name].killsPerLife!;
      expect(kills("perfectReader")).toBeGreaterThan(13);
      expect(kills("toldTable")).toBeGreaterThan(10);
      for (const name of ["randomSpikes", "noSpikes", "alwaysAhead", "blindReplay"])
        expect(kills(name), name).toBeLessThan(7);
    }
  });

  test("two worlds at one engine are as if each had its own, also in the middle of a life", async () => {
    const make = async () => (await openTask("doom", options))(9);
    const run = async (
      steps: (worlds: readonly ReturnType<Awaited<ReturnType<typeof make>>["world"]>[]) => void,
    ) => {
      const task = await make();
      const worlds = [task.world("probe", 0, true), task.world("train", 3, true)];
      steps(worlds);
      return worlds.map((world) => [world.present(), world.answers(), world.moves?.()]);
    };
    const said = (t: number) => Int32Array.from({ length: 4 }, (_, brain) => (t * t + brain) % 3);
    const inTurns = await run((worlds) => {
      for (let t = 0; t < 60; t++) for (const world of worlds) world.advance(said(t));
    });
    const oneByOne = await run((worlds) => {
      for (const world of worlds) for (let t = 0; t < 60; t++) world.advance(said(t));
    });
    expect(inTurns).toEqual(oneByOne);
  });

  test("looking at the game draws a frame, and changes nothing", async () => {
    const task = (await openTask("doom", options))(9);
    const world = task.world("probe", 0, true);
    const view = world.game?.();
    if (!view || !("frame" in view)) throw new Error("expected a game that draws itself");
    const before = [world.present(), world.answers()];
    const { pixels, palette, width, height } = view.frame();
    expect([pixels.length, palette.length]).toEqual([width * height, 768]);
    expect(new Set(pixels).size).toBeGreaterThan(30);
    expect([world.present(), world.answers()]).toEqual(before);
    expect(view).toMatchObject({ scored: 0, lives: 0, health: 100, bullets: 26 });
  });

  test("a person in a brain's place has a brain's senses, and the vat's lives", async () => {
    const stage = new Stage(arenas["centre"], installedDoom());
    const person = new PersonGame(stage, { seed: 9, perception: "labels" });
    const task = (await openTask("doom", { ...options, brains: 1 }))(9);
    const world = task.world("probe", 1, true);
    for (let step = 0; step < 120; step++) {
      const [move] = world.answers();
      const { site, thirds } = person.step(-1);
      expect(world.present()[0]).toEqual({ places: [0, 1, 2, 3].map((i) => 4 * site + i), volleys: thirds });
      const event = world.advance(Int32Array.of(move));
      expect(person.step(move).event).toBe(event);
    }
    expect(person.step(-1)).toMatchObject({ lives: 0 });
    expect(person.frame().pixels.length).toBe(64_000);
  });

  test("what cannot be is told in one line", async () => {
    await expect(openTask("doom", { ...options, game: { arena: "nowhere" } })).rejects.toThrow(
      /out of centre, gather/,
    );
    const game = { engine: "0".repeat(64) };
    await expect(openTask("doom", { ...options, game })).rejects.toThrow(/expected engine 000000000000/);
    const few = await openTask("doom", { ...options, places: 7 });
    expect(() => few(1)).toThrow(/at least 8 sensory electrodes/);
  });
});
