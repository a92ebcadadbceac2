/** What the guide says can be done is done: its links lead somewhere, its commands exist, its lines of Python run. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { candidates } from "../src/cli/completion.ts";
import { createProgram } from "../src/cli/program.ts";
import { convertToNwb } from "../src/library/recording.ts";

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

it.runIf(hasPython)("the lines of Python read a run (needs python3-h5py)", async () => {
  const run = mkdtempSync(join(tmpdir(), "wetgrad-python-"));
  try {
    const right = { probe: { accuracy: { mean: 0.5 } } };
    writeFileSync(join(run, "report.json"), JSON.stringify({ series: [{ arms: { descent: right } }] }));
    const channels = [3, 1].map((spikeCount, i) => ({ name: `e${i}`, spikeCount }));
    await convertToNwb(
      [
        {
          ...{
            name: "run",
            source: "nwb",
            startSeconds: 0,
            durationSeconds: 9,
            trials: [],
            meta: {},
            channels,
          },
          observed: [{ startSeconds: 0, endSeconds: 9 }],
          readSpikes: (channel) => [
            Float64Array.from({ length: channels[channel].spikeCount }, (_, i) => i + 1),
          ],
          close() {},
        },
      ],
      join(run, "recording.nwb"),
    );
    const [, lines] = /```python\n([\s\S]*?)```/.exec(text("guide/python.md"))!;
    // A file of no experiment has no pulses; a run's own has (src/experiment/recording.test.ts).
    const body = lines.replace(/^ *pulses = .*$/m, "    pulses = []");
    const { stdout, stderr } = spawnSync(
      "/usr/bin/python3",
      ["-c", `run = ${JSON.stringify(run)}\n${body}`],
      { encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(stdout).toBe("descent right: 0.5\n2 units, 4 spikes, of the first 3 and 0 pulses\n");
  } finally {
    rmSync(run, { recursive: true });
  }
});
