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

test("culture grow describes a ball by the electrodes that see a cell of it, also from its file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-grow-"));
  const file = join(folder, "ball.safetensors");
  const asked = [
    "--shape",
    "ball",
    "--scaffold",
    "hd1024",
    "--neurons",
    "400",
    "--div",
    "21",
    "--preset",
    "quiet",
  ];
  await grow(...asked, "--out", file);
  const listened = await grow("--from", file, "--seconds", "10");
  expect(listened).toEqual(await grow(...asked, "--seconds", "10"));
  const { anatomy } = loadCulture(file);
  // 87.5 um apart, 44 columns and 24 rows around the foot; a cell is seen from 90 um away by the nearest.
  const near = new Set<string>();
  for (let cell = 0; cell < 400; cell++) {
    const [column, row] = [0, 1].map((axis) => Math.floor(anatomy.positionsMm[2 * cell + axis] / 0.0875));
    const [dx, dy] = [column, row].map(
      (k, axis) => anatomy.positionsMm[2 * cell + axis] - 0.0875 * (k + 0.5),
    );
    if (Math.hypot(dx, dy, anatomy.heightsMm![cell]) <= 0.09) near.add(`${column} ${row}`);
  }
  expect(near.size).toBeGreaterThan(3);
  expect(listened.simulated[0].electrodes).toBe(near.size);
  rmSync(folder, { recursive: true });
});

test("culture grow refuses beforehand what memory cannot hold", async () => {
  await expect(grow("--neurons", "4000000", "--div", "21")).rejects.toThrow(
    /^a culture of 4000000 neurons needs about 36\.0 GB of memory, .* GB are free: expected at most \d+ neurons here$/,
  );
  await expect(grow("--neurons", "5000000")).rejects.toThrow(/from 101 to 4194304/);
});
