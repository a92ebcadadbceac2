import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { run } from "../program.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function wetgrad(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      said[name] += String(chunk);
      return true;
    }),
  );
  try {
    return { code: await run(["read", ...args]), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const page = file(
  "page.txt",
  "The old man went down to the sea. He had not caught a fish for a long time.\n",
);

/** An EyeLink file of fixations at these places. */
function eyelink(name: string, places: readonly (readonly [number, number])[]): string {
  const fixations = places.map(
    ([x, y], i) => `EFIX L   ${1000 + 250 * i}\t${1200 + 250 * i}\t200\t  ${x}\t  ${y}\t   1100`,
  );
  const head =
    "** CONVERTED FROM made.edf using edfapi 3.1\n**\n\nSTART\t1000 \tLEFT\tSAMPLES\tEVENTS\nEVENTS\tGAZE\tLEFT\tRATE\t 500.00\tTRACKING\tCR\tFILTER\t2\nSAMPLES\tGAZE\tLEFT\tRATE\t 500.00\tTRACKING\tCR\tFILTER\t2\n1000\t  512.5\t  384.0\t 1100.0\t...\n";
  return file(name, `${head}${fixations.join("\n")}\nEND\t9000 \tSAMPLES\tEVENTS\tRES\t  38.5\t  37.2\n`);
}

it("reads a page to its end, every word in its order", async () => {
  const { code, stdout } = await wetgrad("eyes", page, "--json");
  const { words, read, wordsPerMinute } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(read.map(({ word }: { word: number }) => word)).toEqual([...Array(words).keys()]);
  expect(wordsPerMinute).toBeGreaterThan(100);
  expect(wordsPerMinute).toBeLessThan(600);
  expect((await wetgrad("eyes", page, "--json")).stdout).toBe(stdout);
});

it("maps an EyeLink recording to the words that were looked at", async () => {
  // The, old, man, (went skipped) down ... at ten pixels a letter, the page at 100, 80.
  const gaze = eyelink("reader.asc", [
    [115, 82],
    [155, 82],
    [195, 81],
    [265, 82],
    [345, 80],
    [430, 82],
  ]);
  const { code, stdout } = await wetgrad(
    "eyes",
    page,
    "--gaze",
    gaze,
    "--left",
    "100",
    "--top",
    "80",
    "--json",
  );
  const { read } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(read.map(({ text }: { text: string }) => text)).toEqual([
    "The",
    "old",
    "man",
    "went",
    "down",
    "to",
    "the",
    "sea.",
  ]);
});

it.each([
  ["an empty text", () => [file("empty.txt", "\n")], "at least two words, got an empty one"],
  ["a text of one word", () => [file("one.txt", "Hello")], "at least two words, got one"],
  [
    "a text of another script",
    () => [file("other.txt", "これは 日本語 の 文章 です")],
    "expected English text, got 0 of",
  ],
  [
    "the gaze of another page",
    () => [
      page,
      "--gaze",
      eyelink(
        "far.asc",
        Array.from({ length: 9 }, (_, i) => [1800 + 9 * i, 900] as const),
      ),
    ],
    "is this the gaze of another page",
  ],
  [
    "a table without its columns",
    () => [page, "--gaze", file("samples.csv", "a,b\n1,2\n")],
    "expected the columns timeMs, x and y",
  ],
] as const)("eyes refuse %s with one line", async (_, args, reason) => {
  const { code, stderr } = await wetgrad("eyes", ...args());
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
  expect(stderr.trim()).not.toContain("\n");
});

it.each([
  ["an arm without what it replays", ["--arms", "yoked,sham"], "go with descent, whose writes they replay"],
  [
    "a target longer than the context",
    ["--targets", file("long.txt", `Go home.\n${"and then we went ".repeat(30)}\n`)],
    "expected a sentence of at most 19 tokens",
  ],
  [
    "targets in another script",
    ["--targets", file("script.txt", "Go home.\nГде ты?\n")],
    "a script that the model was trained on",
  ],
  [
    "no targets",
    ["--targets", file("none.txt", "\n")],
    "expected text, one sentence a line, got an empty file",
  ],
  [
    "other pairs than targets",
    ["--targets", file("two.txt", "Go home.\nStay.\n"), "--pairs", "3"],
    "as many as there are targets",
  ],
  ["no folder of a model", ["--model", folder], "expected a folder that `wetgrad text train` wrote"],
] as const)("the experiment refuses %s with one line", async (_, args, reason) => {
  const { code, stderr } = await wetgrad("experiment", ...args, "--out", join(folder, "run"));
  expect(stderr).toContain(reason);
  expect(code).toBe(2);
  expect(stderr.trim()).not.toContain("\n");
});

it.each([
  [["--scaffold", "mea8"], "--scaffold: expected one of mea64"],
  [["--open"], "--open: expected --out beside it"],
])("a culture does not read with %j", async (args, reason) => {
  const { code, stderr } = await wetgrad("culture", ...args);
  expect({ code, stderr: stderr.trim().includes("\n") }).toEqual({ code: 2, stderr: false });
  expect(stderr).toContain(reason);
});

it.each([
  ["one target", "I like fish.\n", "expected a file of at least two target strings"],
  ["a target of one word", "I like fish.\nFish\n", "at least two words, got one"],
] as const)("an experiment refuses %s with one line, and leaves nothing", async (_, content, reason) => {
  const out = join(folder, "never");
  const { code, stderr } = await wetgrad(
    "experiment",
    "--targets",
    file("targets.txt", content),
    "--out",
    out,
  );
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(existsSync(join(out, "journal.sqlite"))).toBe(false);
});
