import { expect, it } from "vitest";
import { assertSentence } from "./sentence.ts";

it("takes sentences in any script, and refuses what has one word or none", () => {
  for (const text of ["I like fish.", "кот спит", "我喜欢吃鱼。", "two, words"]) assertSentence(text);
  expect(() => assertSentence("Hello!")).toThrow(
    'expected a sentence of at least two words, got one: "Hello!"',
  );
  expect(() => assertSentence("...")).toThrow("got none");
  expect(() => assertSentence("")).toThrow("got none");
});
