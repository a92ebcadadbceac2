import { expect, it } from "vitest";
import { fromHalf, toHalf } from "./half.ts";

it("gives every half back", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const numbers = fromHalf(all);
  const back = toHalf(numbers);
  for (let i = 0; i < 65536; i++) if (!Number.isNaN(numbers[i])) expect(back[i]).toBe(i);
});

it("rounds to the nearest, ties to even, by search among all halves", () => {
  const all = [...fromHalf(Uint16Array.from({ length: 0x7c00 }, (_, i) => i))];
  for (let i = 0; i + 1 < all.length; i += 37) {
    const middle = (all[i] + all[i + 1]) / 2;
    expect(toHalf([middle])[0]).toBe(i % 2 === 0 ? i : i + 1);
    expect(toHalf([all[i] * 0.75 + all[i + 1] * 0.25])[0]).toBe(i);
    expect(toHalf([-(all[i] * 0.25 + all[i + 1] * 0.75)])[0]).toBe(0x8000 | (i + 1));
  }
  expect([...toHalf([65519, 65520, 1e9, Number.NaN])]).toEqual([0x7bff, 0x7c00, 0x7c00, 0x7e00]);
});
