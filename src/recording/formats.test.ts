import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FORMATS } from "./formats.ts";

test("the page of recordings names every format with its definition", () => {
  const page = readFileSync(new URL("../../docs/recordings.md", import.meta.url), "utf8");
  for (const { name, files, read, compared = "-", definition } of FORMATS) {
    const row = page.split("\n").find((line) => line.startsWith(`| ${name} |`)) ?? "";
    for (const cell of [files, read, `| ${compared} |`, definition]) expect(row).toContain(cell);
  }
});
