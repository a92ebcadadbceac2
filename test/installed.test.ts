/** The package as a stranger meets it: packed, installed into an empty folder from the registry, run; with native code and without. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const NO_REGISTRY = 77;
/** In an order in which each finds what it reads; tasks and methods are run by test/examples.test.ts. */
const EXAMPLES = ["grow", "plasticity", "controller", "lowering", "record", "wells", "emulator", "sweep"]
  .map((name) => `${name}.mjs`)
  .join();

it.for([
  { natives: true, options: [] },
  { natives: false, options: ["--no-natives"] },
])(
  "is packed, installed and run (natives: $natives; needs a registry)",
  { timeout: 900_000 },
  ({ natives, options }, { skip }) => {
    if (!existsSync(join(root, "dist", "vendor"))) return skip("nothing is built");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/try-package.mjs", ...options, "--examples", EXAMPLES],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    if (status === NO_REGISTRY) return skip("no registry answers");
    expect(stderr).toBe("");
    const tried = JSON.parse(stdout) as { installedMB: number; tarballMB: number; natives: string[] };
    if (!natives) {
      expect(tried.natives).toEqual([]);
      expect(tried.installedMB).toBeLessThan(60);
    }
    // Its native code may be missing where it cannot be installed; zeromq is never installed unasked.
    expect(tried.natives).not.toContain("zeromq");
    expect(tried.tarballMB).toBeLessThan(11);
  },
);
