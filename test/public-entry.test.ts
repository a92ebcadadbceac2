/** The package as another one uses it: its built entry, its types. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wetgrad-consumer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONSUMER = `
import { lessonsOf, type Method, NO_EFFORT, Random, registerMethod, registerTask, show, type Task } from "wetgrad";
const method: Method = {
  name: "mine",
  access: "electrodes",
  needs: { tissue: [], task: ["series"], brains: "one", arms: [] },
  arms: { descent: { label: "mine", meaning: "" }, sham: { label: "sham", meaning: "" } },
  plasticity: "",
  async train(training) {
    for (const lesson of lessonsOf(training, 0, 1)) await show(training, lesson, 1);
    // @ts-expect-error: there is no such thing
    training.nothing;
    return { effort: NO_EFFORT, pulses: 0, refused: 0, events: [] };
  },
};
registerMethod(method);
registerTask({ name: "mine", kind: "game", meaning: "", open: async ({ brains }) => (seed): Task => { throw new Error(String(brains + seed)); } });
console.log(Random.of(1, "consumer").integer(1));
`;

it.runIf(existsSync(join(root, "dist", "src", "index.js")))(
  "is typed, and runs, from another package",
  () => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "wetgrad"), "dir");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "consumer.ts"), CONSUMER);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules", "@types")];
    // jax-js names types of browsers, which a consumer need not have.
    const options = ["--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2023", ...types];
    execFileSync(process.execPath, [tsc, ...options, "consumer.ts"], { cwd: folder, stdio: "pipe" });
    const printed = execFileSync(process.execPath, ["consumer.js"], { cwd: folder, encoding: "utf8" });
    expect(printed).toBe("0\n");
  },
  120_000,
);
