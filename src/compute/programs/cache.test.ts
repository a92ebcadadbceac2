import { describe, expect, it } from "vitest";
import { type Array as JaxArray, np } from "../jax.ts";
import { tensor, zeros } from "../tensors/tensor.ts";
import { BuildCache } from "./cache.ts";
import { compile } from "./compile.ts";

describe("compile", () => {
  it("traces a function once for the same shapes, and again for others", async () => {
    let traced = 0;
    const double = (x: JaxArray) => {
      traced++;
      return x.add(x);
    };
    const small = await compile(double, [zeros([2])]);
    const [same, large] = [await compile(double, [zeros([2])]), await compile(double, [zeros([3])])];
    expect(traced).toBe(2);
    expect(await same.run(tensor([2], [1, 2]))).toEqual(tensor([2], [2, 4]));
    expect(await large.run(tensor([3], [1, 2, 3]))).toEqual(tensor([3], [2, 4, 6]));
    // What one lets go of, the other still has; and so has who comes later.
    await small.dispose();
    await small.dispose();
    expect(await same.run(tensor([2], [0, 1]))).toEqual(tensor([2], [0, 2]));
    await same.dispose();
    const later = await compile(double, [zeros([2])]);
    expect(traced).toBe(2);
    expect(await later.run(tensor([2], [3, 4]))).toEqual(tensor([2], [6, 8]));
    await expect(small.run(tensor([2], [1, 2]))).rejects.toThrow("it was disposed of");
  });

  it("distinguishes types and devices, and does not keep what failed", async () => {
    let traced = 0;
    const count = (x: JaxArray) => {
      traced++;
      if (traced === 1) throw new Error("not yet");
      return np.sum(x);
    };
    await expect(compile(count, [zeros([2])])).rejects.toThrow("not yet");
    await compile(count, [zeros([2])]);
    await compile(count, [tensor([2], Int32Array.of(1, 2))]);
    expect(traced).toBe(3);
    await compile(count, [zeros([2])], { device: "jaxjs" });
    expect(traced).toBeGreaterThan(3);
  });
});

describe("the cache", () => {
  it("keeps a bounded number of idle things, and disposes of the longest idle", async () => {
    const cache = new BuildCache<{ name: string; dispose(): Promise<void> }>(2);
    const disposed: string[] = [];
    const fn = () => {};
    const hold = (name: string) =>
      cache.hold(fn, name, async () => ({
        name,
        dispose: async () => {
          disposed.push(name);
        },
      }));
    const held = [await hold("a"), await hold("b"), await hold("c"), await hold("d")];
    expect(disposed).toEqual([]);
    for (const { release } of held.slice(0, 3)) await release();
    expect(disposed).toEqual(["a"]);
    const again = await hold("b");
    expect(again.built).toBe(held[1].built);
    await held[3].release();
    expect(disposed).toEqual(["a"]);
    await again.release();
    expect(disposed).toEqual(["a", "c"]);
  });
});
