import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { STANDARD_PROTOCOL } from "../protocol/protocol.ts";
import { seriesOf, type Task } from "./contract.ts";
import { peersTask, VIEWS } from "./peers.ts";
import { playOpponents } from "./pong/opponents.ts";
import { pongTask } from "./pong/pong.ts";
import { countRallies, play, rightMove, serve } from "./pong/pong-game.ts";
import { scoreBaselines } from "./series/baselines/index.ts";
import { openSeries } from "./series/open.ts";
import { signalsTask } from "./signals.ts";

/** What a world shows in some steps, whatever the brains say. */
function course(task: Task, brains: number, connected: boolean, steps = 40) {
  const world = task.world("train", 0, connected);
  return Array.from({ length: steps }, (_, t) => {
    const shown = { given: world.present(), targets: [...world.targets()], answers: [...world.answers()] };
    world.advance(Int32Array.from({ length: brains }, (_, n) => (t + n) % VIEWS));
    return shown;
  });
}

describe("peers", () => {
  const task = peersTask({ seed: 4, brains: 5, places: 32, volleys: 3, train: 100, probe: 50 });
  const views = (given: readonly { places: readonly number[] }[]) =>
    given.map(({ places }) => Math.floor(places[0] / 4));

  it("asks every brain for its own next datum, which the hidden symbol decides", () => {
    const rows = course(task, 5, true);
    for (let t = 0; t + 1 < rows.length; t++) {
      expect(rows[t].targets).toEqual(views(rows[t + 1].given));
      const [question] = task.questions;
      const words = rows[t].targets.map((_, brain) => question!.wordOf(brain, rows[t].answers[0]));
      expect(rows[t].targets).toEqual(words);
    }
  });

  it("lets every brain hear four others in the vat, and noise of as many pulses in the twin", () => {
    const [own, twin] = [course(task, 5, true), course(task, 5, false)];
    const words = (places: readonly number[]) =>
      places.slice(4).map((place, ear) => place - 16 - ear * VIEWS);
    // The brains say (t + n) mod 4: each ear follows one brain, so it goes round with t. Of five brains it hears all others.
    for (let n = 0; n < 5; n++)
      for (let t = 1; t + 1 < own.length; t++) {
        const heard = words(own[t].given[n].places);
        expect(words(own[t + 1].given[n].places)).toEqual(heard.map((word) => (word + 1) % VIEWS));
        const others = [0, 1, 2, 3, 4].filter((other) => other !== n);
        expect(heard.sort()).toEqual(others.map((other) => (t - 1 + other) % VIEWS).sort());
      }
    expect(twin.map(({ given }) => views(given))).toEqual(own.map(({ given }) => views(given)));
    expect(twin.flatMap(({ given }) => given.map(({ places }) => places.length))).toEqual(
      own.flatMap(({ given }) => given.map(({ places }) => places.length)),
    );
    expect(twin).not.toEqual(own);
  });
});

describe("pong", () => {
  it("is never missed by a paddle that follows the ball, and often by one that stands still", () => {
    const rally = (move: (game: ReturnType<typeof serve>) => number) => {
      const random = Random.of(8, "test");
      let game = serve(random);
      const events: ReturnType<typeof play>["event"][] = [];
      for (let t = 0; t < 2000; t++) {
        const next = play(game, move(game), random);
        game = next.game;
        expect(game.ballY).toBeGreaterThanOrEqual(0);
        expect(game.ballY).toBeLessThanOrEqual(1);
        events.push(next.event);
      }
      return countRallies(events);
    };
    expect(rally(rightMove).hitsPerRally).toBeGreaterThan(50);
    expect(rally(() => 1).hitsPerRally).toBeLessThan(1);
  });

  it("counts rallies as one would by hand", () => {
    const events = fc.array(fc.constantFrom("hit" as const, "miss" as const, null));
    fc.assert(
      fc.property(events, (row) => {
        const words = row.map((event) => (event === "hit" ? "h" : event === "miss" ? "m" : "")).join("");
        const rallies = words.split("m").map((hits) => hits.length);
        if (rallies.at(-1) === 0) rallies.pop();
        const { rallies: count, hitsPerRally, aces } = countRallies(row);
        expect(count).toBe(rallies.length);
        expect(hitsPerRally * count).toBeCloseTo(
          rallies.reduce((sum, length) => sum + length, 0),
          9,
        );
        expect(aces * count).toBeCloseTo(rallies.filter((length) => length === 0).length, 9);
      }),
    );
  });

  it("shows all brains one ball, each on sites of its own", () => {
    const task = pongTask({ seed: 2, brains: 12, places: 32, volleys: 3 });
    const rows = course(task, 12, true, 60);
    const sites = rows.map(({ given }) => given.map(({ places }) => Math.floor(places[0] / 4)));
    for (const row of sites) expect(Math.max(...row) - Math.min(...row)).toBeLessThanOrEqual(1);
    expect(sites.some((row) => new Set(row).size === 2)).toBe(true);
    expect(new Set(rows.flatMap(({ given }) => given.map(({ volleys }) => volleys)))).toEqual(
      new Set([1, 2, 3]),
    );
  });

  it("has opponents that learn when they are given samples enough", async () => {
    const { dqn, ppo } = await playOpponents({ train: 1500, probe: 600, blocks: 1 }, 3);
    // A paddle that stands still returns fewer than one ball in two.
    expect(Math.max(dqn?.hitsPerRally ?? 0, ppo?.hitsPerRally ?? 0)).toBeGreaterThan(1.5);
  });
});

describe("signals", () => {
  it("gives every stream to several brains, and asks for its next class", async () => {
    const options = {
      trainCount: 60,
      testCount: 40,
      sensoryCount: 32,
      activeCount: STANDARD_PROTOCOL.contextSize,
    };
    const streams = await Promise.all(
      ["henon", "sine"].map(async (series) => (await openSeries({ series })).code(1, options)),
    );
    const task = signalsTask(
      streams.map((coded, s) => ({ name: ["map", "wave"][s], source: coded.name, coded })),
      { brains: 5, train: 60, cycles: 1, probe: 40, volleys: 3 },
    );
    const rows = course(task, 5, true);
    expect(task.questions.map(({ brains }) => brains)).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
    expect(task.questions.map(({ name }) => name)).toEqual(["map", "wave"]);
    const { labels, currentLabels, test } = streams[0];
    const same = labels.filter((label, t) => t >= test.start && label === currentLabels[t]).length;
    expect(scoreBaselines(seriesOf(task)[0]).get("persistence")?.accuracy).toBeCloseTo(
      same / (test.end - test.start),
      12,
    );
    for (const [t, { given, targets, answers }] of rows.entries()) {
      expect(targets).toEqual([0, 1, 0, 1, 0].map((s) => streams[s].labels[t]));
      expect(answers).toEqual(streams.map(({ labels }) => labels[t]));
      expect(given[2]).toEqual(given[0]);
    }
  });
});
