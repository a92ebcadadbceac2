import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { Checkpoints } from "./checkpoint.ts";
import { type Stage, type StagePart, stageName, timedAs } from "./stages.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-stages-"));
afterAll(() => rmSync(folder, { recursive: true }));

const value = {
  weights: Float32Array.of(1, -0, Number.NaN, 1e-45),
  frames: Float64Array.of(2 ** 53, 0.1),
  text: "é\u0000",
  nothing: null,
  nested: [{ bytes: Uint8Array.of(255, 0) }, new Map([["a", -1]])],
};

const stageOf = (part: StagePart, seed = 1, code: Stage["code"] = "free"): Stage => ({ ...part, seed, code });
const fit = stageOf({ part: "begin" });

/** Runs a stage and tells whether it was computed. */
async function run(checkpoints: Checkpoints, stage: Stage, result: unknown = value) {
  let computed = false;
  const got = await checkpoints.stage(stage, async () => {
    computed = true;
    return result;
  });
  return { computed, got };
}

describe("checkpoints", () => {
  it("compute a stage once, and read the same bits back", async () => {
    const events: string[] = [];
    const path = join(folder, "once");
    const checkpoints = new Checkpoints(path, (stage, state) => events.push(`${stageName(stage)} ${state}`));
    expect(await run(checkpoints, fit)).toEqual({ computed: true, got: value });
    expect(await run(checkpoints, fit, "another")).toEqual({ computed: false, got: value });
    expect(await run(new Checkpoints(path), fit, "another")).toEqual({ computed: false, got: value });
    expect(Object.is((await run(checkpoints, fit)).got, value)).toBe(false);
    expect(events).toEqual(["1-free-begin begin", "1-free-begin end"]);
  });

  it("keep results that are false", async () => {
    const checkpoints = new Checkpoints(join(folder, "false"));
    for (const [seed, result] of [null, 0, "", false].entries()) {
      const stage = stageOf({ part: "before" }, seed);
      await run(checkpoints, stage, result);
      expect(await run(checkpoints, stage, 1)).toEqual({ computed: false, got: result });
    }
  });

  it("leave nothing of a stage that fails", async () => {
    const path = join(folder, "fails");
    const checkpoints = new Checkpoints(path);
    const failing = checkpoints.stage(fit, async () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(readdirSync(path)).toEqual([]);
    expect((await run(checkpoints, fit)).computed).toBe(true);
  });

  it("compute again what is damaged: cut anywhere, or with any bit turned", async () => {
    const path = join(folder, "damaged");
    const checkpoints = new Checkpoints(path);
    await run(checkpoints, fit);
    const file = join(path, "1-free-begin.stage");
    const whole = readFileSync(file);
    const random = Random.of(1, "damage");
    for (let i = 0; i < 40; i++) {
      const at = random.integer(whole.length);
      const bytes = i % 2 === 0 ? whole.subarray(0, at) : Buffer.from(whole);
      if (i % 2 === 1) bytes[at] = bytes[at] ^ (1 << random.integer(8));
      writeFileSync(file, bytes);
      expect((await run(checkpoints, fit)).computed, `damage ${i} at ${at}`).toBe(true);
      expect(readFileSync(file).equals(whole)).toBe(true);
    }
    writeFileSync(file, "");
    expect((await run(checkpoints, fit)).computed).toBe(true);
  });

  it("never take a half-written file for a stage", async () => {
    const path = join(folder, "half");
    mkdirSync(path);
    // What a kill in the middle of a write leaves.
    writeFileSync(join(path, "1-free-begin.stage.12345.tmp"), "wetgrad-stage-1\n....");
    const checkpoints = new Checkpoints(path);
    expect(checkpoints.has(fit)).toBe(false);
    expect((await run(checkpoints, fit)).computed).toBe(true);
    checkpoints.forget({ seed: 1, code: "free" });
    expect(readdirSync(path)).toEqual([]);
  });

  it("forget a seed and code, save its outcome", async () => {
    const path = join(folder, "forget");
    const checkpoints = new Checkpoints(path);
    const own: StagePart[] = [
      { part: "begin" },
      { part: "arm", arm: "sham", cycle: 0 },
      { part: "start", arm: "unconnected" },
      { part: "tuning", cycle: 0 },
    ];
    for (const part of own) await run(checkpoints, stageOf(part));
    for (const kept of [
      stageOf({ part: "outcome" }),
      stageOf({ part: "begin" }, 11),
      stageOf({ part: "begin" }, 1, "assigned"),
    ])
      await run(checkpoints, kept);
    checkpoints.forget({ seed: 1, code: "free" });
    expect(readdirSync(path).sort()).toEqual([
      "1-assigned-begin.stage",
      "1-free-outcome.stage",
      "11-free-begin.stage",
    ]);
  });
});

describe("stages", () => {
  const parts: StagePart[] = [
    ...(["begin", "before", "untrained", "after", "outcome", "opponents"] as const).map((part) => ({ part })),
    ...[0, 1].flatMap((cycle): StagePart[] => [
      { part: "tuning", cycle },
      { part: "arm", arm: "descent", cycle },
      { part: "arm", arm: "unconnected", cycle },
    ]),
    { part: "start", arm: "unconnected" },
  ];

  it("have names of their own", () => {
    const names = [1, 11].flatMap((seed) =>
      (["assigned", "free"] as const).flatMap((code) =>
        parts.map((part) => stageName(stageOf(part, seed, code))),
      ),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it("are timed under their arm, or their part; those within others not at all", () => {
    expect(timedAs(stageOf({ part: "arm", arm: "sham", cycle: 1 }))).toBe("sham");
    expect(timedAs(fit)).toBe("begin");
    for (const part of ["tuning", "outcome"] as const)
      expect(timedAs(stageOf(part === "tuning" ? { part, cycle: 0 } : { part }))).toBe(null);
  });
});
