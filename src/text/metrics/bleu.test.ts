import { expect, it } from "vitest";
import { bleu } from "./bleu.ts";

it("is 1 of the same, 0 of nothing in common", () => {
  expect(bleu(["the cat sat on the mat"], ["the cat sat on the mat"])).toBeCloseTo(1, 12);
  expect(bleu(["a b c d e"], ["f g h i j"])).toBe(0);
});

it("clips counts as in the paper's first example: the the the ...", () => {
  expect(bleu(["the the the the the the the"], ["the cat is on the mat"], 1)).toBeCloseTo(2 / 7, 12);
});

it("is what its definition gives by hand, brevity penalty too", () => {
  // Words 5/6, pairs 3/5, triples 2/4, quadruples 1/3; nothing shorter.
  const same = bleu(["the cat sat on a mat"], ["the cat sat on the mat"]);
  expect(same).toBeCloseTo((((((((5 / 6) * 3) / 5) * 2) / 4) * 1) / 3) ** 0.25, 12);
  // Four words of six, all right: exp(1 - 6/4).
  expect(bleu(["the cat sat on"], ["the cat sat on the mat"])).toBeCloseTo(Math.exp(-0.5), 12);
});
