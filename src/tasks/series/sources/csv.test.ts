import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TaskError } from "../../error.ts";
import { type ReadSeriesOptions, readSeries } from "./csv.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wetgrad-csv-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return path;
}
const read = (content: string | Uint8Array, options?: ReadSeriesOptions) =>
  readSeries(file(content), options);
const valuesOf = async (content: string | Uint8Array, options?: ReadSeriesOptions) => [
  ...(await read(content, options)).values,
];

describe("readSeries reads", () => {
  test.each([
    ["plain numbers", "1\n-2.5\n+3e-1\n.5\n", [1, -2.5, 0.3, 0.5]],
    ["no newline at the end", "1\n2", [1, 2]],
    ["Windows line ends", "1\r\n2\r\n", [1, 2]],
    ["old Macintosh line ends", "1\r2\r", [1, 2]],
    ["a header", "x\n1\n2\n", [1, 2]],
    ["a quoted header", '"sun, spots"\n1\n2\n', [1, 2]],
    ["a byte order mark", "\uFEFFx\n1\n", [1]],
    ["comments, and empty lines before and after", "# a\n\n# b\n1\n2\n\n\n", [1, 2]],
  ])("%s", async (_, text, expected) => {
    expect(await valuesOf(text)).toEqual(expected);
  });

  const table = 'year,"sun, spots",text\n1700,5,"a,""b"""\n1701,11,c\n';
  test("a column by name or number, also from gzip, tabs, semicolons and spaces", async () => {
    expect(await read(table, { column: "sun, spots" })).toEqual({
      values: Float64Array.of(5, 11),
      column: "sun, spots",
      more: false,
    });
    expect(await valuesOf(table, { column: "1" })).toEqual([5, 11]);
    expect(await valuesOf(table, { column: 0 })).toEqual([1700, 1701]);
    expect(await valuesOf(gzipSync(table), { column: 0 })).toEqual([1700, 1701]);
    expect(await valuesOf("a\tb\n1\t2\n", { column: "b" })).toEqual([2]);
    expect(await valuesOf("1;2\n3;4\n", { column: 1 })).toEqual([2, 4]);
    expect(await valuesOf("  1  2\n3 4 \n", { column: 1 })).toEqual([2, 4]);
  });

  test("10 million rows, of which it takes the first and leaves the rest", async () => {
    const path = file(gzipSync("12\n".repeat(10_000_000), { level: 1 }));
    const { values, more } = await readSeries(path, { limit: 5000 });
    expect([values.length, more]).toEqual([5000, true]);
    expect(await readSeries(file("1\n2\n"), { limit: 2 })).toMatchObject({ more: false });
  });
});

describe("readSeries refuses in one line", () => {
  test.each<[string, string | Uint8Array, string, ReadSeriesOptions?]>([
    ["an empty file", "", "expected a column of numbers, got none"],
    ["only a header", "x\n", "got only a header"],
    ["an empty line inside", "1\n\n2\n", "line 2: gap in the series (an empty line)"],
    ["an empty cell", "a,b\n1,\n", 'line 2: gap in the series ("")', { column: "b" }],
    ["NA", "1\nNA\n", 'line 2: gap in the series ("NA")'],
    ["NaN in front", "nan\n1\n", "line 1: expected a finite number, got nan"],
    ["infinity", "1\n-Inf\n", "line 2: expected a finite number, got -Inf"],
    ["an overflow", "1\n1e999\n", "line 2: expected a number below 1e100, got 1e999"],
    ["text", "x\nhello\n", 'line 2: expected a number, got "hello"'],
    ["hexadecimal", "1\n0x10\n", 'line 2: expected a number, got "0x10"'],
    ["two columns and no choice", "a,b\n1,2\n", "2 columns; choose one by --column (a, b)"],
    ["decimal commas", "3,14\n2,71\n", "2 columns; choose one by --column (0 to 1)"],
    ["an unknown column", "a,b\n1,2\n", 'no column "c"; there is a, b', { column: "c" }],
    ["a column too far", "1,2\n", "no column 2; there is 0 to 1", { column: 2 }],
    ["a ragged line", "a,b\n1,2\n3\n", "line 3: expected 2 columns, got 1", { column: "a" }],
    [
      "names and numbers in the first line",
      "t,0\n1,2\n",
      "line 1: expected a header of names or",
      { column: 1 },
    ],
    ["binary", Uint8Array.of(1, 0, 2, 0, 10), "line 1: expected text, got binary data"],
    ["one endless line", "1".repeat(200_000), "got one of more than"],
    ["a cut gzip", gzipSync("1\n".repeat(99)).subarray(0, 20), "damaged gzip file"],
  ])("%s", async (_, content, message, options) => {
    const error = await read(content, options).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TaskError);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  test("a missing file and a folder", async () => {
    await expect(readSeries(join(folder, "none.csv"))).rejects.toThrow("none.csv: no such file");
    await expect(readSeries(folder)).rejects.toThrow("expected a file, got a folder");
  });

  test.runIf(process.getuid?.() !== 0)("a file it may not read (as root it may)", async () => {
    const path = file("1\n");
    chmodSync(path, 0);
    await expect(readSeries(path)).rejects.toThrow("not allowed to read");
  });
});

test("whatever the bytes: finite numbers, or one line of TaskError", async () => {
  const pieces = fc.constantFrom(
    "1",
    "-2.5",
    ",",
    ";",
    "\t",
    " ",
    "\n",
    "\r",
    '"',
    "#",
    "x",
    "NA",
    "e",
    "\0",
    "é",
  );
  const text = fc.array(pieces, { maxLength: 40 }).map((parts) => new TextEncoder().encode(parts.join("")));
  const content = fc.oneof(
    text,
    fc.uint8Array({ maxLength: 60 }),
    text.map((bytes) => gzipSync(bytes)),
  );
  const column = fc.option(fc.oneof(fc.nat(3), fc.constantFrom("x", "", "-1", "1.5", "é")), {
    nil: undefined,
  });
  await fc.assert(
    fc.asyncProperty(content, column, async (bytes, chosen) => {
      try {
        const { values } = await read(bytes, { column: chosen });
        expect(values.length).toBeGreaterThan(0);
        expect(values.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(TaskError);
        expect((error as Error).message).not.toMatch(/[\n\r]/);
      }
    }),
    { numRuns: 300 },
  );
});

test("reads back any finite numbers, however they were written", async () => {
  const numbers = fc.array(fc.double({ min: -1e99, max: 1e99, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(numbers, fc.constantFrom("\n", "\r\n"), async (values, end) => {
      expect(await valuesOf(values.map(String).join(end))).toEqual(values.map((v) => Number(String(v))));
    }),
    { numRuns: 100 },
  );
});
