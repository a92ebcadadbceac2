/** The notebook of examples/, run from its file: its cells in their order, in Chromium, with what Observable gives a cell. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { faultsOf, launch } from "../../src/dashboard/testing/browser.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "examples", "observable.html");

/** The cells in JavaScript, as the notebook's own markup has them. */
const cellsOf = (html: string): string[] =>
  [...html.matchAll(/<script id="\d+" type="module"[^>]*>([\s\S]*?)<\/script>/g)].map(([, cell]) => cell!);

test("a dish is grown, taught and played in a notebook, beside its untaught twin", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-notebook-"));
  const browser = await launch();
  try {
    const builder = new URL("../../scripts/page.mjs", import.meta.url).href;
    const { writePage } = (await import(builder)) as {
      writePage: (root: string, out: string) => Promise<void>;
    };
    await writePage(root, folder);
    const module = readFileSync(join(folder, "wetgrad.js"), "utf8");
    const cells = cellsOf(readFileSync(file, "utf8"));
    expect(cells).toHaveLength(4);
    const page = await browser.newPage();
    const faults = faultsOf(page, [""]);
    const shown = (await page.evaluate(`(async () => {
      const shown = [];
      const display = (value) => shown.push(value instanceof Node ? value.nodeName : value);
      const attached = { "wetgrad.js": ${JSON.stringify(module).replaceAll("</", "<\\/")} };
      const FileAttachment = (name) => ({
        url: async () => URL.createObjectURL(new Blob([attached[name]], { type: "text/javascript" })),
      });
      ${cells.join("\n")}
      return shown;
    })()`)) as string[];
    expect(shown).toHaveLength(2);
    const [, taught, notes, untaught] = /plays (\d+) of (\d+) notes right, its untaught twin (\d+)/
      .exec(shown[0])!
      .map(Number);
    expect(taught).toBe(notes);
    expect(untaught).toBeLessThan(notes! / 2);
    expect(shown[1]).toBe("CANVAS");
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
