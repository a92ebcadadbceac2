import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeWhole } from "./whole.ts";

describe("writeWhole", () => {
  it("writes all parts in order, replaces what was there, and leaves nothing else", () => {
    const folder = mkdtempSync(join(tmpdir(), "wetgrad-whole-"));
    const path = join(folder, "file");
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 4 }), (parts) => {
        writeFileSync(path, "something older and longer than all of it, as it may be");
        writeWhole(path, ...parts, "end");
        expect(readFileSync(path)).toEqual(Buffer.concat([...parts, Buffer.from("end")]));
        expect(readdirSync(folder)).toEqual(["file"]);
      }),
      { numRuns: 20 },
    );
  });

  it("leaves the old file where the new one cannot be written", () => {
    const folder = mkdtempSync(join(tmpdir(), "wetgrad-whole-"));
    expect(() => writeWhole(join(folder, "missing", "file"), "text")).toThrow(/ENOENT/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
