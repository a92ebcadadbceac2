import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileHashes, folderHash } from "./hash.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-hash-"));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, name, path, ".."), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

test("a folder is known by its files' names and bytes, whenever and in whatever order they came", () => {
  const one = folder("one", { "b/c": "abc", a: "", "timing.json": "1" });
  const two = folder("two", { "timing.json/2": "2", a: "", "b/c": "abc" });
  expect(fileHashes(one, ["timing.json"])).toEqual({
    a: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "b/c": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", // FIPS 180-2, B.1
  });
  expect(folderHash(one, ["timing.json"])).toBe(folderHash(two, ["timing.json"]));
  expect(folderHash(one)).not.toBe(folderHash(two));
  expect(folderHash(folder("three", { b: "abc", a: "" }))).not.toBe(folderHash(one, ["timing.json"]));
});
