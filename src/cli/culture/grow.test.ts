import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { loadCulture, saveCulture } from "../../culture/saved/saved.ts";
import { growCommand } from "./grow.ts";

afterEach(() => void vi.restoreAllMocks());

async function grow(...args: string[]) {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  await growCommand().parseAsync([...args, "--json"], { from: "user" });
  return JSON.parse(written.join(""));
}

test("culture grow listens to a culture that was saved as to the one that was grown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-grow-"));
  const file = join(folder, "culture.safetensors");
  const asked = ["--neurons", "150", "--div", "21", "--seed", "3", "--preset", "quiet"];
  const { saved } = await grow(...asked, "--out", file);
  expect(saved).toMatchObject({ file, neurons: 150, div: 21, seed: 3, preset: "quiet", scaffold: "mea64" });
  const listened = await grow("--from", file, "--seconds", "10");
  expect(listened).toEqual(await grow(...asked, "--seconds", "10"));
  expect(listened.simulated).toHaveLength(1);
  const damaged = join(folder, "damaged.safetensors");
  const { facts: _, ...culture } = loadCulture(file);
  saveCulture(damaged, culture, { seed: "3", scaffold: "mea999", preset: "quiet", rule: "normalised" });
  await expect(grow("--from", damaged)).rejects.toThrow(/damaged: scaffold: .*mea64/);
  saveCulture(damaged, { ...culture, div: Number.NaN }, {});
  await expect(grow("--from", damaged)).rejects.toThrow(/damaged: expected a day in vitro, got NaN/);
  await expect(grow("--div", "14,21", "--out", file)).rejects.toThrow(/--out: expected one day/);
  await expect(grow("--from", file, "--out", file)).rejects.toThrow(/--out: expected without --from/);
  rmSync(folder, { recursive: true });
});

test("culture grow refuses beforehand what memory cannot hold", async () => {
  await expect(grow("--neurons", "4000000", "--div", "21")).rejects.toThrow(
    /^a culture of 4000000 neurons needs about 36\.0 GB of memory, .* GB are free: expected at most \d+ neurons here$/,
  );
  await expect(grow("--neurons", "5000000")).rejects.toThrow(/from 101 to 4194304/);
});
