/** What the guide says can be done is done: its links lead somewhere, its commands exist, its lines of Python run. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { candidates } from "../src/cli/completion.ts";
import { createProgram } from "../src/cli/program.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { runOrganoid } from "../src/experiment/organoid/run.ts";
import { NwbReader } from "../src/recording/nwb/reader.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const pages = ["index.md", ...readdirSync(join(docs, "guide")).map((name) => join("guide", name))];
const text = (page: string) => readFileSync(join(docs, page), "utf8");

it("every link of the guide leads to a file", () => {
  for (const page of pages)
    for (const [, target] of text(page).matchAll(/\]\(([^)#]+)[^)]*\)/g))
      if (!/^https?:/.test(target))
        expect(existsSync(join(docs, dirname(page), target)), `${page}: ${target}`).toBe(true);
});

it("every command and option that the guide names is there", () => {
  const known = candidates(createProgram());
  for (const page of pages)
    for (const [line] of text(page).matchAll(/(?<=^|`|npx )wetgrad [^`\n#|]*/gm)) {
      const words = line.trim().split(/\s+/).slice(1);
      let path = "";
      for (const word of words) if (known.has(`${path} ${word}`.trim())) path = `${path} ${word}`.trim();
      expect(path, `${page}: ${line}`).not.toBe("");
      for (const word of words.filter((word) => word.startsWith("--")))
        expect(known.get(path), `${page}: ${line}`).toContain(word);
    }
});

it("the examples that the library's page lists are the examples that there are", () => {
  const listed = [...text("guide/library.md").matchAll(/^\| `([\w-]+\.mjs)`/gm)].map(([, name]) => name);
  const there = readdirSync(join(docs, "..", "examples")).filter((name) => name.endsWith(".mjs"));
  expect(listed.sort()).toEqual(there.sort());
  expect(listed).toHaveLength(10);
});

const hasPython = spawnSync("/usr/bin/python3", ["-c", "import h5py"]).status === 0;

/** A small run, made once. */
async function smallRun(): Promise<string> {
  const config = {
    ...{ series: "noisy-cycle", seeds: 1, arms: ["descent"], codes: ["assigned"], cycles: 1, neurons: 120 },
    ...{ presentations: 16, probeTrials: 16, babbleTrials: 200, fitSteps: 5, retentionSeconds: 0 },
  };
  await runOrganoid(organoidConfig.parse(config), run, { wetgradVersion: "test", workers: 1 });
  return run;
}

const run = mkdtempSync(join(tmpdir(), "wetgrad-python-"));
afterAll(() => rmSync(run, { recursive: true }));

function python(lines: string): string {
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", lines], {
    encoding: "utf8",
    env: { ...process.env, RUN: run },
  });
  expect(stderr).toBe("");
  return stdout;
}

it.runIf(hasPython)(
  "the lines of Python, and the notebook, read a run (needs python3-h5py)",
  async () => {
    await smallRun();
    const recording = await NwbReader.open(join(run, "recording.nwb"));
    const pulses = [...recording.stimulation()].length;
    const units = [...recording.units()];
    recording.close();
    const [, lines] = /```python\n([\s\S]*?)```/.exec(text("guide/python.md"))!;
    const said = python(`run = ${JSON.stringify(run)}\n${lines}`);
    expect(said).toMatch(/^descent right: /);
    expect(said).toContain(`${units.length} units, `);
    const counts = [...said.matchAll(/^stimulation_\S+ (\d+) pulses$/gm)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(pulses);

    const { cells } = JSON.parse(readFileSync(join(docs, "../examples/read-a-run.ipynb"), "utf8"));
    const code = cells.flatMap((cell: { cell_type: string; source: string[] }) =>
      cell.cell_type === "code" ? [cell.source.join("")] : [],
    );
    expect(python(code.join("\n"))).toContain("spikes a pulse, 4 to 20 ms after it:");
  },
  120_000,
);
