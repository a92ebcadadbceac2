import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Culture } from "../culture.ts";
import { growCulture } from "../presets.ts";
import { loadCulture, saveCulture } from "./saved.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-saved-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "culture.safetensors");

it("loads what was saved, and that lives the same life", () => {
  const grown = growCulture({ seed: 3, div: 18, neurons: 200 });
  saveCulture(path, grown, { seed: "3" });
  const loaded = loadCulture(path);
  expect(loaded).toEqual({ ...grown, facts: { seed: "3" } });
  const life = ({ anatomy, parameters }: typeof grown) => new Culture(anatomy, parameters, 5).advance(2000);
  expect(life(loaded)).toEqual(life(grown));
});

it("refuses in one line what is no culture, or damaged", () => {
  const bytes = readFileSync(path);
  truncateSync(path, bytes.length - 10);
  expect(() => loadCulture(path)).toThrow(/^.*culture\.safetensors: .*cut short/);
  writeFileSync(path, "hello, this is text");
  expect(() => loadCulture(path)).toThrow(/safetensors file\?$/);
  const text = bytes.toString("latin1").replace("wetgrad culture 1", "wetgrad culture 9");
  writeFileSync(path, Buffer.from(text, "latin1"));
  expect(() => loadCulture(path)).toThrow(/expected a culture that/);
  // The first synapse now begins at a cell that is not there.
  const { pre } = growCulture({ seed: 3, div: 18, neurons: 200 }).anatomy.synapses;
  bytes.writeUInt16LE(5000, bytes.length - 4 * pre.length);
  writeFileSync(path, bytes);
  expect(() => loadCulture(path)).toThrow(/damaged: anatomy: synapse 0 cannot be/);
});
