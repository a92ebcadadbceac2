/** The examples, as a user runs them: through the command line, stopped in the middle and continued. */
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { PROGRAM } from "./setup/program.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-examples-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of an example, far from this package. */
function example(name: string): string {
  const file = join(root, name);
  copyFileSync(fileURLToPath(new URL(`../examples/${name}`, import.meta.url)), file);
  return file;
}

const SMALL = [
  "--workers",
  "1",
  "--seeds",
  "1",
  "--cycles",
  "2",
  "--neurons",
  "120",
  "--presentations",
  "16",
];
const EXAMPLES = [
  {
    name: "cart-pole.mjs",
    kind: "vat",
    line: (file: string) => [
      ...[
        "vat",
        "run",
        "--with",
        file,
        "--task",
        "cart-pole",
        "--brains",
        "2",
        "--arms",
        "descent,feedback,sham",
      ],
      ...[...SMALL, "--probe-trials", "30", "--babble-trials", "50", "--fit-steps", "5"],
    ],
    expected: { config: { task: "cart-pole" }, vat: { mainMetrics: ["hitsPerRally", "counts"] } },
    arms: ["descent", "feedback", "sham"],
  },
  {
    name: "twice.mjs",
    kind: "organoid",
    line: (file: string) => [
      ...["organoid", "--with", file, "--method", "twice", "--series", "noisy-cycle", "--code", "assigned"],
      ...[...SMALL, "--probe-trials", "16", "--babble-trials", "200", "--fit-steps", "20"],
      ...["--retention", "0"],
    ],
    expected: {
      config: { method: "twice" },
      series: [{ effort: { sham: { presentations: 32, writePulses: 0 } } }],
    },
    arms: ["descent", "random", "sham"],
  },
];

/** Runs the program; with `stopAt` it is interrupted once its progress says so many presentations. */
function wetgrad(args: readonly string[], stopAt?: number) {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
    const done = Math.max(0, ...[...stderr.matchAll(/ (\d+)\/\d+ presentations/g)].map(([, n]) => Number(n)));
    if (stopAt !== undefined && done >= stopAt) child.kill("SIGINT");
  });
  return new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stderr }));
  });
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

it.each(EXAMPLES)(
  "$name runs, and stopped in the middle ends with the same report",
  async (given) => {
    const file = example(given.name);
    const whole = join(root, `${given.name}-whole`);
    const out = join(root, `${given.name}-stopped`);
    const line = given.line(file);
    expect(await wetgrad([...line, "--out", whole])).toMatchObject({ code: 0 });
    expect(await wetgrad([...line, "--out", out], 1)).toMatchObject({ code: 130 });
    expect(existsSync(join(out, "report.json"))).toBe(false);
    const loaded = [{ file, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }];
    expect(json(out, "config.json").with).toEqual(loaded);

    // The page shows it, and continues nothing that would need its code.
    const host = new RunHost({ folder: root, wetgradVersion: "test" });
    const name = `${given.name}-stopped`;
    expect((await host.feedOf(name)).last("run")).toMatchObject({ state: "saved", experiment: given.kind });
    await expect(host.continue(name)).rejects.toThrow(`on the command line, --with ${file}`);

    // Another file, no file: refused in one line.
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `${text}// changed\n`);
    const changed = await wetgrad([...line, "--out", out]);
    expect(changed).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: .* has been changed since; [^\n]*\n$/),
    });
    writeFileSync(file, text);

    expect(await wetgrad([...line, "--out", out])).toMatchObject({ code: 0 });
    const reports = [whole, out].map((folder) => {
      expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("</html>");
      return json(folder, "report.json");
    });
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[0]).toMatchObject(given.expected);
    expect(reports[0].config.with).toEqual(loaded);
    expect(Object.keys(reports[0].arms)).toEqual(expect.arrayContaining(given.arms));
  },
  300_000,
);

it("says what is wrong with a name or a file", async () => {
  const [pole, twice] = [example("cart-pole.mjs"), example("twice.mjs")];
  const notCode = join(root, "not.mjs");
  writeFileSync(notCode, "import { registerTusk } from 'wetgrad';\n");
  const cases: [string[], string][] = [
    [
      ["vat", "run", "--with", pole, "--task", "chess"],
      '--task: expected one of peers, pong, doom, signals, cart-pole, got "chess"',
    ],
    [
      ["vat", "run", "--task", "cart-pole"],
      '--task: expected one of peers, pong, doom, signals, got "cart-pole"',
    ],
    [
      ["organoid", "--with", twice, "--method", "twice", "--arms", "yoked"],
      '--arms: expected names out of descent, random, sham, got "yoked"',
    ],
    [
      ["organoid", "--with", notCode],
      `--with ${notCode}: expected an ES module that registers tasks or methods`,
    ],
    [["organoid", "--with", `${twice},${join(root, "none.mjs")}`], "none.mjs: no such file or folder"],
  ];
  for (const [line, message] of cases) {
    const { code, stderr } = await wetgrad(line);
    expect(stderr).toContain(message);
    expect(stderr.trim()).not.toContain("\n");
    expect(code).toBe(2);
  }
}, 120_000);
