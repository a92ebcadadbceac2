import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesAsCharacters, CHARACTER_OF_BYTE } from "./bytes.ts";
import { piecesOf } from "./pieces.ts";
import { assertScript } from "./script.ts";
import { Tokenizer } from "./tokenizer.ts";
import { parseTokenizer, tokenizerJson } from "./tokenizer-json.ts";
import { trainBpe } from "./train.ts";

const LINES = [
  "The cat sat on the mat.",
  "The cats sat there; that's the hat!",
  "They've hats in 1999, he'd said.",
  "A cat that sat is a cat that's flat.",
];
const model = trainBpe(LINES, 300);
const tokenizer = new Tokenizer(model);

/** Byte-pair encoding as its definition has it: over and over all pieces, no counts kept. */
function slowMerges(lines: readonly string[], count: number): string[][] {
  const ids = new Map(["<|pad|>", "<|end|>", ...CHARACTER_OF_BYTE].map((name, id) => [name, id]));
  const words = lines.flatMap((line) => piecesOf(line)).map((piece) => [...bytesAsCharacters(piece)]);
  const merges: string[][] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const word of words)
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    const order = (pair: string) => pair.split(" ").map((symbol) => ids.get(symbol)!);
    const [best] = [...counts].sort(([p, n], [q, m]) => {
      const [[a, b], [c, d]] = [order(p), order(q)];
      return m - n || a - c || b - d;
    });
    if (!best || best[1] < 2) break;
    const [a, b] = best[0].split(" ");
    ids.set(a + b, ids.size);
    merges.push([a, b]);
    for (const word of words)
      for (let i = 1; i < word.length; i++)
        if (word[i - 1] === a && word[i] === b) word.splice(i - 1, 2, a + b);
  }
  return merges;
}

it("gives any text back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const whole = Buffer.from(text, "utf8").toString("utf8");
      expect(tokenizer.decode(tokenizer.encode(whole))).toBe(whole);
    }),
    { numRuns: 300 },
  );
});

it("learns the merges that counting anew each time learns", () => {
  expect(model.merges).toEqual(slowMerges(LINES, 300 - 258));
});

it("never merges across a blank, so that words are whole tokens", () => {
  for (const line of LINES) {
    const pieces = piecesOf(line);
    expect(pieces.join("")).toBe(line);
    expect(tokenizer.encode(line)).toEqual(pieces.flatMap((piece) => tokenizer.encode(piece)));
  }
});

it("is the same after tokenizer.json, special tokens too", () => {
  const read = parseTokenizer(tokenizerJson(model), "tokenizer.json");
  for (const text of [...LINES, "<|end|>The cat<|pad|>", "日本 ü 🐈"])
    expect(read.encode(text)).toEqual(tokenizer.encode(text));
  expect(tokenizer.encode("<|end|>The")[0]).toBe(tokenizer.id("<|end|>"));
  expect(tokenizer.decode(tokenizer.encode("<|end|>The cat"))).toBe("The cat");
});

it.each([
  ["{", "expected JSON"],
  ["{}", "expected a tokenizer.json with model.vocab"],
  [
    JSON.stringify({ model: { type: "Unigram", vocab: {}, merges: [] } }),
    "expected a BPE tokenizer, got Unigram",
  ],
  [
    JSON.stringify({ model: { vocab: {}, merges: [] }, pre_tokenizer: { type: "Metaspace" } }),
    "expected a byte-level pre-tokenizer, got Metaspace",
  ],
])("refuses %s", (text, reason) => {
  expect(() => parseTokenizer(text, "t.json")).toThrow(reason);
});

it("knows the script that it learned from, in any alphabet, and no other", () => {
  const russian = new Tokenizer(trainBpe(Array(20).fill("кот сидел на ковре, где ты был"), 420));
  for (const text of ["кот на ковре", "cat", "кот and cat", "1999!", ""]) assertScript(russian, text);
  assertScript(tokenizer, "the café");
  for (const text of ["кот", "猫", "кот 1999"])
    expect(() => assertScript(tokenizer, text)).toThrow("expected a script that the model was trained on");
});
