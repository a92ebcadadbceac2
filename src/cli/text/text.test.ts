import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { wetgrad } from "../testing.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (...args: string[]) => wetgrad("text", ...args);

it("maps a sentence to its latent program and back, with the shipped weights", async () => {
  const encoded = await text("encode", "They have two children.", "He will be back tomorrow.", "--json");
  expect(encoded.code).toBe(0);
  const file = join(folder, "z.json");
  writeFileSync(file, encoded.stdout);
  const decoded = await text("decode", file, "--json");
  expect(JSON.parse(decoded.stdout)).toEqual(["They have two children.", "He will be back tomorrow."]);
});

it("says sentences on the way from one to another, both ends among them", async () => {
  const { stdout } = await text(
    "interpolate",
    "He is happy.",
    "She was not there.",
    "--steps",
    "5",
    "--json",
  );
  const said = JSON.parse(stdout) as { share: number; sentence: string }[];
  expect(said.map(({ share }) => share)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect([said[0].sentence, said[4].sentence]).toEqual(["He is happy.", "She was not there."]);
});

it("scores sentences of a file", async () => {
  const file = join(folder, "some.txt");
  writeFileSync(file, "Tom is here.\nI don't know what to do.\nWhere are you?\n");
  const { code, stdout } = await text("score", file, "--json");
  const { tokenAccuracy, baselines, sentences } = JSON.parse(stdout);
  expect({ code, sentences }).toEqual({ code: 0, sentences: 3 });
  expect(tokenAccuracy).toBeGreaterThan(0.9);
  expect(baselines.otherZ.tokenAccuracy).toBeLessThan(0.5);
});

const long = "and then we went ".repeat(30);
it.each([
  [["encode", ""], "expected a sentence of at least two words, got none"],
  [["encode", "Hello."], "expected a sentence of at least two words, got one"],
  [["encode", long], "expected a sentence of at most 19 tokens"],
  [["encode", "日本語の長い文章はここには入りません。"], "18 of its 18 letters are in no token"],
  [["encode", "猫と犬"], "expected a script that the model was trained on"],
  [["interpolate", "The house is warm.", "Где ты?"], "5 of its 5 letters are in no token"],
  [["decode", join(folder, "none.json")], "no such file"],
  [["encode", "A cat.", "--model", folder], "expected a folder that `wetgrad text train` wrote"],
  [
    ["train", "--corpus", join(folder, "short.txt"), "--out", join(folder, "out")],
    "expected more than 1000 sentences",
  ],
  [["train", "--minutes", "none"], "--minutes"],
])("refuses %j with one line", async (args, reason) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "short.txt"), "A short text.\n");
  const { code, stderr } = await text(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
  expect(stderr.trim()).not.toContain("\n");
});
