/**
 * Small runs of every command end with the bits that they ended with when the hashes of frozen.json were made.
 *
 * ONNX Runtime and wasm round alike on processors of one class only, so the hashes are kept by a fingerprint of this machine's
 * arithmetic; on a machine of another class the runs are made twice instead and compared with themselves.
 * `WETGRAD_FREEZE=1 npx vitest run test/frozen` writes the hashes anew: only in a commit that says which meaning changed.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM } from "../setup/program.ts";
import { fingerprint } from "./fingerprint.ts";
import { FROZEN_RUNS, type FrozenRun, hashesOf, writeSpikeList } from "./runs.ts";

const here = dirname(fileURLToPath(import.meta.url));
const path = join(here, "frozen.json");
const root = mkdtempSync(join(tmpdir(), "wetgrad-frozen-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Frozen = Record<string, Record<string, Record<string, string>>>;
const frozen: Frozen = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Frozen) : {};

/** Runs the program; what it printed on stdout. */
function wetgrad(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...PROGRAM, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(`${args.join(" ")}: ${stderr}`)),
    );
  });
}

async function run(name: string, frozenRun: FrozenRun, again = ""): Promise<Record<string, string>> {
  const folder = join(root, name + again);
  const args = frozenRun.args.map((arg) =>
    arg === "OUT" ? folder : arg.startsWith("OUT:") ? join(root, arg.slice(4)) : arg,
  );
  return hashesOf(folder, frozenRun, await wetgrad(args));
}

describe("frozen runs", { timeout: 300_000 }, () => {
  let known: Frozen[string] | undefined;
  let machine: string;
  beforeAll(async () => {
    writeSpikeList(join(root, "list.csv"));
    machine = await fingerprint();
    known = frozen[machine];
    if (!known) console.log(`frozen runs: no hashes of a machine like this one (${machine}) yet`);
  });
  const made: Frozen[string] = {};

  it.each(Object.entries(FROZEN_RUNS))("%s ends with the same bits", async (name, frozenRun) => {
    made[name] = await run(name, frozenRun);
    if (process.env["WETGRAD_FREEZE"]) return;
    const expected = known ? known[name] : await run(name, frozenRun, "-again");
    expect(made[name]).toEqual(expected);
  });

  afterAll(() => {
    if (!process.env["WETGRAD_FREEZE"]) return;
    writeFileSync(path, `${JSON.stringify({ ...frozen, [machine]: { ...known, ...made } }, null, 2)}\n`);
  });
});
