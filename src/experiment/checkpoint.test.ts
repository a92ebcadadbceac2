import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { Checkpoints } from "./checkpoint.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-stages-"));
afterAll(() => rmSync(folder, { recursive: true }));

const value = {
  weights: Float32Array.of(1, -0, Number.NaN, 1e-45),
  frames: Float64Array.of(2 ** 53, 0.1),
  text: "é\u0000",
  nothing: null,
  nested: [{ bytes: Uint8Array.of(255, 0) }, new Map([["a", -1]])],
};

/** Runs a stage and tells whether it was computed. */
async function run(checkpoints: Checkpoints, name: string, result: unknown = value) {
  let computed = false;
  const got = await checkpoints.stage(name, async () => {
    computed = true;
    return result;
  });
  return { computed, got };
}

describe("checkpoints", () => {
  it("compute a stage once, and read the same bits back", async () => {
    const events: string[] = [];
    const path = join(folder, "once");
    const checkpoints = new Checkpoints(path, (name, state) => events.push(`${name} ${state}`));
    expect(await run(checkpoints, "1-a-fit")).toEqual({ computed: true, got: value });
    expect(await run(checkpoints, "1-a-fit", "another")).toEqual({ computed: false, got: value });
    expect(await run(new Checkpoints(path), "1-a-fit", "another")).toEqual({ computed: false, got: value });
    expect(Object.is((await run(checkpoints, "1-a-fit")).got, value)).toBe(false);
    expect(events).toEqual(["1-a-fit begin", "1-a-fit end"]);
  });

  it("keep results that are false", async () => {
    const checkpoints = new Checkpoints(join(folder, "false"));
    for (const result of [null, 0, "", false]) {
      await run(checkpoints, `s${String(result)}`, result);
      expect(await run(checkpoints, `s${String(result)}`, 1)).toEqual({ computed: false, got: result });
    }
  });

  it("leave nothing of a stage that fails", async () => {
    const path = join(folder, "fails");
    const checkpoints = new Checkpoints(path);
    const failing = checkpoints.stage("a", async () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(readdirSync(path)).toEqual([]);
    expect((await run(checkpoints, "a")).computed).toBe(true);
  });

  it("compute again what is damaged: cut anywhere, or with any bit turned", async () => {
    const path = join(folder, "damaged");
    const checkpoints = new Checkpoints(path);
    await run(checkpoints, "a");
    const file = join(path, "a.stage");
    const whole = readFileSync(file);
    const random = Random.of(1, "damage");
    for (let i = 0; i < 40; i++) {
      const at = random.integer(whole.length);
      const bytes = i % 2 === 0 ? whole.subarray(0, at) : Buffer.from(whole);
      if (i % 2 === 1) bytes[at] = bytes[at] ^ (1 << random.integer(8));
      writeFileSync(file, bytes);
      expect((await run(checkpoints, "a")).computed, `damage ${i} at ${at}`).toBe(true);
      expect(readFileSync(file).equals(whole)).toBe(true);
    }
    writeFileSync(file, "");
    expect((await run(checkpoints, "a")).computed).toBe(true);
  });

  it("never take a half-written file for a stage", async () => {
    const path = join(folder, "half");
    mkdirSync(path);
    // What a kill in the middle of a write leaves.
    writeFileSync(join(path, "a.stage.12345.tmp"), "wetgrad-stage-1\n....");
    const checkpoints = new Checkpoints(path);
    expect(checkpoints.has("a")).toBe(false);
    expect((await run(checkpoints, "a")).computed).toBe(true);
    checkpoints.forget("a", []);
    expect(readdirSync(path)).toEqual([]);
  });

  it("forget by prefix, save what is to be kept", async () => {
    const path = join(folder, "forget");
    const checkpoints = new Checkpoints(path);
    for (const name of ["1-free-begin", "1-free-sham", "11-free-begin", "outcome-1-free"])
      await run(checkpoints, name);
    checkpoints.forget("1-free-", ["1-free-sham"]);
    expect(readdirSync(path).sort()).toEqual([
      "1-free-sham.stage",
      "11-free-begin.stage",
      "outcome-1-free.stage",
    ]);
  });
});
