/** The built engine, where there is one: deterministic, put back to the bit, and a real one by the demos that Freedoom ships. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Arena } from "../games/doom/arenas/arena.ts";
import { arenas } from "../games/doom/arenas/arenas.ts";
import { DoomEngine } from "../games/doom/engine.ts";
import type { Command } from "../games/doom/state.ts";
import { compile } from "../games/doom/web-assembly.ts";
import { Random } from "../math/random.ts";
import { installedDoom, isDoomInstalled } from "./installed.ts";
import { DATA_FILE, ENGINE_FILE, MANIFEST_FILE, sha256Of } from "./manifest.ts";
import { doomFolder } from "./place.ts";
import { setUpDoom } from "./setup.ts";

const here = isDoomInstalled();

/** Moves of a player who knows nothing: walks, turns, fires, opens. */
function commands(seed: number, count: number): Command[] {
  const random = Random.of(seed, "commands");
  return Array.from({ length: count }, () => ({
    forward: random.uniform() < 0.7 ? 50 : 0,
    turn: random.uniform() < 0.4 ? (random.uniform() < 0.5 ? 7 : -7) : 0,
    fire: random.uniform() < 0.3,
    use: random.uniform() < 0.1,
  }));
}

const open = () => DoomEngine.open(installedDoom());
const play = (engine: DoomEngine, moves: readonly Command[]) => {
  for (const move of moves) engine.tic(move);
};
const hash = (engine: DoomEngine) => sha256Of(engine.snapshot().memory);

describe.skipIf(!here)("the Doom engine (wetgrad doom setup)", () => {
  let engine: DoomEngine;
  let other: DoomEngine;
  beforeAll(() => {
    [engine, other] = [open(), open()];
  });

  test("the same commands, the same memory; a snapshot goes on in another instance to the same end", () => {
    const moves = commands(3, 2000);
    for (const one of [engine, other]) one.start({ skill: 3, map: 1, random: 9 });
    play(engine, moves.slice(0, 1000));
    const middle = engine.snapshot();
    play(engine, moves.slice(1000));
    const end = hash(engine);
    play(other, moves);
    expect(hash(other)).toBe(end);
    engine.restore(middle);
    play(engine, moves.slice(1000));
    expect(hash(engine)).toBe(end);
    const third = open();
    third.restore(middle);
    play(third, moves.slice(1000));
    expect(hash(third)).toBe(end);
    expect(engine.state().inMap).toBe(true);
  });

  test("reading and drawing change nothing of the game", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), (seed) => {
        const moves = commands(seed, 150);
        for (const one of [engine, other]) one.start({ skill: 3, map: 1, random: seed });
        for (const move of moves) {
          engine.tic(move);
          other.tic(move);
          other.frame({ status: true });
          other.things({ sight: true });
          for (let degrees = -40; degrees <= 40; degrees += 20) other.ray(degrees);
          expect(other.state()).toEqual(engine.state());
        }
        expect(other.things()).toEqual(engine.things());
      }),
      { numRuns: 3 },
    );
  });

  test("it replays a demo that Freedoom ships: the player kills, and dies where the record has it", () => {
    const demos = [
      { number: 0, diesAt: 1259, kills: 11 },
      { number: 2, diesAt: 2530, kills: 17 },
    ];
    for (const { number, diesAt, kills } of demos) {
      engine.start({ skill: 2, map: 1 });
      engine.playDemo(number);
      let tics = 0;
      while (tics < 3000 && (tics < 5 || engine.isAlive)) {
        engine.tic({});
        tics++;
      }
      expect([tics, engine.state().kills]).toEqual([diesAt, kills]);
    }
  });

  test("a frame of a map has many colours, and a ray straight on meets what the map has there", () => {
    engine.start({ skill: 2, map: 1 });
    play(engine, commands(1, 20));
    expect(new Set(engine.frame()).size).toBeGreaterThan(30);
    expect(engine.palette().length).toBe(768);
    const arena = Arena.open(arenas["centre"], installedDoom());
    arena.begin(Random.of(1, "life"));
    for (let degrees = -180; degrees < 180; degrees += 7) {
      const { distance, met } = arena.engine.ray(degrees);
      // Demons stand 60 before the wall; the room's walls are between 628 and 640 away.
      if (met === "wall") expect(Math.abs(distance - 634)).toBeLessThan(8);
      else expect(distance).toBeLessThan(600);
    }
  });

  test("arenas: a life is the same again, and who knows the right move does better than who does not", () => {
    for (const rules of Object.values(arenas)) {
      const arena = Arena.open(rules, installedDoom());
      const score = (move: (random: Random) => number) => {
        const random = Random.of(7, "policy");
        let sum = 0;
        for (let life = 0; life < 6; life++) {
          arena.begin(Random.of(2, "life", life));
          while (!arena.life.isOver) arena.step(move(random));
          sum += arena.life.scored;
        }
        return sum / 6;
      };
      const [right, again] = [0, 1].map(() => score(() => rules.rightMove(arena.scene)));
      expect(again).toBe(right);
      expect(right, rules.name).toBeGreaterThan(
        3 * score((random) => random.integer(rules.moves.length)) + 1,
      );
    }
  });

  test("what is not the engine, or not of this build, is told in one line", () => {
    const parts = installedDoom();
    const empty = compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    expect(() => DoomEngine.open({ ...parts, module: empty })).toThrow(
      /another program; run: wetgrad doom setup/,
    );
    expect(() => DoomEngine.open({ ...parts, wads: [arenas["centre"].map()] })).toThrow(
      /\(IWAD\) first, got a patch/,
    );
    expect(() => engine.restore({ build: "0123456789abcdef", memory: new Uint8Array() })).toThrow(
      /another build/,
    );
    expect(() => installedDoom("0123456789abcdef")).toThrow(
      /expected engine 0123456789ab, with which this began/,
    );
  });

  test("a file that was changed since it was built is not used", () => {
    const folder = mkdtempSync(join(tmpdir(), "wetgrad-doom-"));
    try {
      for (const file of [ENGINE_FILE, MANIFEST_FILE])
        copyFileSync(join(doomFolder(), file), join(folder, file));
      writeFileSync(join(folder, DATA_FILE), "IWAD");
      expect(() => installedDoom(undefined, folder)).toThrow(
        /game\.wad: expected SHA-256 .* as it was built/,
      );
      writeFileSync(join(folder, MANIFEST_FILE), "{");
      expect(() => installedDoom(undefined, folder)).toThrow(
        /manifest\.json: expected what wetgrad doom setup writes/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("setting up", () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-doom-"));
  const { CLANG } = process.env;
  afterAll(() => {
    rmSync(folder, { recursive: true });
    if (CLANG === undefined) delete process.env["CLANG"];
    else process.env["CLANG"] = CLANG;
  });

  test("nothing built, a WAD that is none, a compiler that is not there, a source that is none", async () => {
    expect(() => installedDoom(undefined, folder)).toThrow(/got none; run: wetgrad doom setup/);
    const wad = join(folder, "none.wad");
    writeFileSync(wad, "not a wad at all");
    const say = () => {};
    await expect(setUpDoom({ folder, wad, say })).rejects.toThrow(
      /none\.wad: WAD: expected a file that begins with IWAD/,
    );
    writeFileSync(wad, arenas["gather"].map());
    await expect(setUpDoom({ folder, wad, say })).rejects.toThrow(/got a patch \(PWAD\)/);
    process.env["CLANG"] = "clang-of-nowhere";
    await expect(setUpDoom({ folder, say })).rejects.toThrow(
      /expected clang.* as CLANG=clang-of-nowhere; as root, run: apt-get/,
    );
  });
});
