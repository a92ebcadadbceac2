import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fuzzOnce } from "./fuzz/fuzz.ts";
import { fuzzedReaders } from "./fuzz/readers.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files per reader here; `npm run bench -- fuzz` does 10,000. */
const FILES = 25;

test("damaged files of every format are a read or one clear line", async () => {
  const readers = await fuzzedReaders();
  expect(readers.length).toBe(39);
  for (const reader of readers) {
    const seen = new Set<string>();
    for (let index = 0; index < FILES; index++) {
      const outcome = await fuzzOnce(reader, folder, 2, index);
      expect(outcome.kind === "fault" ? `${reader.name} ${index}: ${outcome.error}` : "").toBe("");
      seen.add(outcome.kind);
    }
    expect(seen.has("refused"), `${reader.name}: damage goes unnoticed`).toBe(true);
  }
}, 120_000);
