import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { scaffolds } from "../device/simulated/scaffolds.ts";
import { Random } from "../math/random.ts";
import { cartpoleConfig } from "./config.ts";
import { descent, fitAnswers, gradientOfLean } from "./descent.ts";
import { newClock, pulsesDue } from "./due.ts";
import { hasFallen, move, type State, sensoryHz, start } from "./game.ts";
import { type Places, rankedPlaces, squarePlaces } from "./places.ts";
import { type PLAYER_NAMES, stepsOf } from "./players.ts";
import { runCartpole } from "./run.ts";
import type { Window } from "./session.ts";
import { bandit, orderedPairs, teacher, yoked } from "./trainers.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-cartpole-"));
afterAll(() => rmSync(root, { recursive: true }));

const PLACES: Places = { sensory: [[1], [2]], motor: [[3], [4]] };

test("players without tissue stand as long as in the published game", () => {
  const median = (player: (typeof PLAYER_NAMES)[number]) =>
    stepsOf(player, 201, 4500, 1).sort((a, b) => a - b)[100];
  // Of 1,000 episodes each, made with another program: 4,500 (never falls), 41, 11, 22.
  expect(median("perfect tissue")).toBe(4500);
  expect(Math.abs(median("constant 0") - 41)).toBeLessThanOrEqual(3);
  expect(median("constant 1")).toBe(11);
  expect(Math.abs(median("noise") - 22)).toBeLessThanOrEqual(3);
});

test("left alone, pole and cart turn about each other as the Lagrangian says", () => {
  // Without a push: (M + m) x'' + m l (a'' cos a - a'^2 sin a) = 0 and l a'' (4/3) + x'' cos a = g sin a.
  fc.assert(
    fc.property(
      fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      (angle, turning) => {
        const [, v, , turned] = move([0, 0, angle, turning], 0);
        const [xx, aa] = [v / 0.02, (turned - turning) / 0.02];
        const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
        expect(1.1 * xx + 0.05 * (aa * cos - turning ** 2 * sin)).toBeCloseTo(0, 9);
        expect(0.5 * (4 / 3) * aa + xx * cos).toBeCloseTo(9.8 * sin, 9);
      },
    ),
  );
});

test("pulses come at the rate that is asked for, across windows", () => {
  const clock = newClock(25_000);
  let count = 0;
  for (let window = 0; window < 100; window++)
    count += pulsesDue(clock, [7, 0], [5000 * window, 5000 * (window + 1)])[0].length;
  expect(Math.abs(count - 7 * 20)).toBeLessThanOrEqual(1);
});

test("no pairing of a square is nearer than the other", () => {
  const { profile } = scaffolds.mea64;
  const at = new Map(profile.electrodes.map((electrode) => [electrode.channel, electrode]));
  const centre = (group: readonly number[]) =>
    (["xUm", "yUm"] as const).map(
      (axis) => group.reduce((sum, c) => sum + (at.get(c)?.[axis] ?? 0), 0) / group.length,
    );
  for (let seed = 0; seed < 60; seed++) {
    const { sensory, motor } = squarePlaces(profile, seed);
    const distances = sensory.flatMap((s) =>
      motor.map((m) => Math.hypot(...centre(s).map((x, i) => x - centre(m)[i]))),
    );
    expect(Math.max(...distances) - Math.min(...distances)).toBeLessThan(1e-9);
    expect(new Set([...sensory, ...motor].flat()).size).toBe(16);
  }
});

test("the ranking finds two planted pairs", () => {
  const channels = Array.from({ length: 12 }, (_, i) => i + 20);
  const random = Random.of(1, "planted");
  const matrix = channels.map(() => Float64Array.from(channels, () => 0.2 * random.uniform()));
  matrix[2][7] = 3;
  matrix[9][4] = 3;
  const { sensory, motor } = rankedPlaces({ channels, matrix });
  const pairs = [0, 1].map((side) => [sensory[side][0], motor[side][0]]).sort((a, b) => a[0] - b[0]);
  expect(pairs).toEqual([
    [22, 27],
    [29, 24],
  ]);
});

/** Mean squared angle over eight windows, with spikes as expected; another program than the descent's. */
function leanOf(answers: readonly number[], states: readonly State[], gain: number): number {
  let sum = 0;
  for (const begin of states) {
    let state = begin;
    for (let k = 0; k < 8; k++) {
      const pulses = sensoryHz(state[2]).map((hz) => 0.2 * hz);
      const heard = [0, 1].map((motor) => pulses[0] * answers[motor] + pulses[1] * answers[2 + motor]);
      state = move(state, Math.tanh(gain * (heard[1] - heard[0])));
      sum += state[2] ** 2;
    }
  }
  return sum / states.length;
}

test("the descent's gradient is that of the game, by finite differences", async () => {
  const random = Random.of(2, "gradient");
  for (let trial = 0; trial < 4; trial++) {
    const states = Array.from({ length: 8 }, () => start(random).map((x) => 3 * x) as unknown as State);
    const answers = Array.from({ length: 4 }, () => 2 * random.uniform());
    const found = await gradientOfLean(answers, states, 0.5);
    for (let i = 0; i < 4; i++) {
      const at = (step: number) =>
        leanOf(
          answers.map((value, k) => (k === i ? value + step : value)),
          states,
          0.5,
        );
      const expected = (at(1e-4) - at(-1e-4)) / 2e-4;
      expect(Math.abs(found[i] - expected)).toBeLessThan(1e-3 * Math.max(0.01, Math.abs(expected)));
    }
  }
});

const windowAt = (state: State): Window => ({ pulses: [1, 1], heard: [0, 0], state });

test("descent pairs the side to which the pole fell with the motor side that catches it, which nothing told it", async () => {
  const trainer = await descent(PLACES, 0.5);
  const random = Random.of(3, "falls");
  for (let fall = 0; fall < 6; fall++) {
    let state = start(random);
    const windows: Window[] = [];
    while (!hasFallen(state)) {
      windows.push(windowAt(state));
      state = move(state, 0);
    }
    const side = windows[windows.length - 1].state[2] > 0 ? 1 : 0;
    expect(await trainer.train({ change: 0, sinceMs: 0, windows })).toEqual([
      PLACES.sensory[side],
      PLACES.motor[side],
    ]);
    expect(await teacher(PLACES).train({ change: 0, sinceMs: 0, windows })).toEqual([
      PLACES.sensory[side],
      PLACES.motor[side],
    ]);
  }
  await trainer.dispose();
});

test("answers are fitted as they were", () => {
  const random = Random.of(4, "answers");
  const truth = [2, 0.1, 0.3, 1.5];
  const windows = Array.from({ length: 2000 }, (): Window => {
    const pulses = [random.integer(3), random.integer(3)] as const;
    const heard = [0, 1].map(
      (m) => 0.4 + pulses[0] * truth[m] + pulses[1] * truth[2 + m] + 0.3 * random.normal(),
    );
    return { pulses: [...pulses], heard: [heard[0], heard[1]], state: [0, 0, 0, 0] };
  });
  fitAnswers(windows).forEach((answer, i) => {
    expect(Math.abs(answer - truth[i])).toBeLessThan(0.1);
  });
});

test("the bandit comes to prefer what is paid, yoked trains are the same in another order", async () => {
  const pairs = orderedPairs([[1], [2], [3]]);
  expect(pairs).toHaveLength(6);
  const learner = bandit(pairs, Random.of(5, "bandit"), true);
  const asked = { sinceMs: 0, windows: [] };
  let last: unknown = null;
  const counts = new Map<unknown, number>();
  for (let k = 0; k < 600; k++) {
    last = await learner.train({ ...asked, change: last === pairs[2] ? 3 : -3 });
    if (k >= 200) counts.set(last, (counts.get(last) ?? 0) + 1);
  }
  expect((counts.get(pairs[2]) ?? 0) / 400).toBeGreaterThan(0.5);

  const trains = pairs.map((pair, i) => ({ sinceMs: 10 * i, pair }));
  const follower = yoked(trains, Random.of(6, "yoked"));
  const given = [];
  for (let i = 0; i < 8; i++) given.push(await follower.train({ change: 0, sinceMs: 10 * i, windows: [] }));
  expect(given.slice(0, 6).map(String).sort()).toEqual(pairs.map(String).sort());
  expect(given.slice(6)).toEqual([null, null]);
});

test("a run that was stopped goes on, and ends as one that was not", { timeout: 300_000 }, async () => {
  const config = cartpoleConfig.parse({
    ...{ seeds: 1, neurons: 200, seconds: 20, testSeconds: 10, restMinutes: 0, sweepRepeats: 1 },
    arms: ["none", "adaptive", "descent", "yoked-to-descent", "frozen"],
  });
  const whole = await runCartpole(config, { folder: join(root, "whole"), wetgradVersion: "test" });
  const folder = join(root, "stopped");
  const abort = new AbortController();
  const stopped = runCartpole(config, {
    folder,
    wetgradVersion: "test",
    signal: abort.signal,
    onProgress: (done) => done === 2 && abort.abort(),
  });
  await expect(stopped).rejects.toThrow();
  const again = await runCartpole(config, { folder, wetgradVersion: "test" });
  expect(again).toEqual(whole);
  const unit = (name: string, at: string) => readFileSync(join(root, at, "units", name), "utf8");
  for (const arm of config.arms)
    expect(unit(`1-${arm}.json`, "stopped")).toBe(unit(`1-${arm}.json`, "whole"));
  await expect(runCartpole({ ...config, seconds: 30 }, { folder, wetgradVersion: "test" })).rejects.toThrow(
    "holds a run that was asked for otherwise",
  );
});
