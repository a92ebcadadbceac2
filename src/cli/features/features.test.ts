import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { wetgrad } from "../testing.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-features-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two sets of electrodes, 120 s, as a spike list. */
function spikeList(): string {
  const random = Random.of(2, "features cli");
  const lines = ["time,channel"];
  for (let n = 0; n < 1200; n++)
    for (const [set, chance] of [0.08, 0.05].entries()) {
      if (random.uniform() > chance) continue;
      for (let c = 0; c < 5; c++)
        for (let s = 0; s < 3; s++)
          lines.push(`${(n / 10 + 0.005 + 0.09 * random.uniform()).toFixed(5)},${5 * set + c}`);
    }
  const [head, ...rest] = lines;
  rest.sort((a, b) => Number(a.split(",")[0]) - Number(b.split(",")[0]));
  const path = join(folder, "sets.csv");
  writeFileSync(path, `${[head, ...rest].join("\n")}\n`);
  return path;
}

test("fit, then show: both sets are found; the same command gives the same folder", async () => {
  const path = spikeList();
  const out = join(folder, "sets");
  const args = ["features", "fit", path, "--features", "2", "--restarts", "3", "--surrogates", "2"];
  const fit = await wetgrad(...args, "--steps", "80", "--out", out, "--json");
  expect(fit.code).toBe(0);
  expect(JSON.parse(fit.stdout)).toMatchObject({ kept: 2, restarts: 3, windows: expect.any(Number) });
  const weights = readFileSync(join(out, "sae_weights.safetensors"));
  rmSync(out, { recursive: true });
  await wetgrad(...args, "--steps", "80", "--out", out);
  expect(readFileSync(join(out, "sae_weights.safetensors")).equals(weights)).toBe(true);
  const show = await wetgrad("features", "show", out);
  expect(show).toMatchObject({ code: 0, stdout: `${join(out, "report.html")}\n` });
  expect(readFileSync(join(out, "report.html"), "utf8")).toContain("2 of 2 features are found again");
}, 30_000);

test("what is wrong is told in one line, and exit code 2", async () => {
  const short = join(folder, "short.csv");
  writeFileSync(short, "time,channel\n0.1,1\n0.2,2\n0.9,1\n");
  const cases: [string[], RegExp][] = [
    [["features", "fit", short, "--out", join(folder, "x")], /expected at least as many windows as features/],
    [["features", "fit", short, "--method", "nonsense"], /--method/],
    [["features", "show", folder], /expected features.json, got none/],
    [["features", "days", short], /expected at least two days, got 1/],
    [["features", "amplify", "--doses", "0"], /--doses/],
    [["features", "bench", "--worlds", "-1"], /--worlds/],
  ];
  for (const [args, line] of cases) {
    const { code, stderr } = await wetgrad(...args);
    expect([args, code]).toEqual([args, 2]);
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr).not.toContain("    at ");
  }
});
