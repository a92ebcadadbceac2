import { describe, expect, it } from "vitest";
import { train } from "./train.ts";

async function rates(steps: number, peak: number): Promise<number[]> {
  const seen: number[] = [];
  await train(steps, peak, async (rate) => {
    seen.push(rate);
    return { loss: 1 };
  });
  return seen;
}

describe("train", () => {
  it("warms up, peaks, and falls as a cosine to a small share of the peak", async () => {
    const seen = await rates(400, 2);
    expect(seen).toHaveLength(400);
    const top = seen.indexOf(Math.max(...seen));
    expect(seen[top]).toBeLessThanOrEqual(2);
    expect(seen[top]).toBeGreaterThan(1.8);
    expect(seen[0]).toBeLessThan(0.2);
    expect(seen.every((rate, i) => i === 0 || (i <= top ? rate > seen[i - 1] : rate < seen[i - 1]))).toBe(
      true,
    );
    expect(seen.at(-1)).toBeLessThan(0.1);
    expect(seen.at(-1)).toBeGreaterThan(0);
    // A cosine falls fastest in the middle, and is symmetric about it.
    const middle = (2 + seen.at(-1)!) / 2;
    expect(seen[200]).toBeCloseTo(middle, 1);
    expect(2 - seen[120]).toBeCloseTo(seen[280] - seen.at(-1)!, 1);
  });

  it("gives the mean loss over the last tenth, NaN for no steps", async () => {
    let i = 0;
    expect(await train(20, 1, async () => ({ loss: i++ }))).toBe((18 + 19) / 2);
    i = 5;
    expect(await train(1, 1, async () => ({ loss: i++ }))).toBe(5);
    expect(await train(0, 1, async () => ({ loss: 1 }))).toBeNaN();
  });

  it("stops at the step that diverged, and says which", async () => {
    let i = 0;
    const step = async () => ({ loss: i++ < 3 ? 1 : Number.NaN });
    await expect(train(10, 1, step)).rejects.toThrow("training diverged: loss NaN at step 4 of 10");
    expect(i).toBe(4);
  });
});
