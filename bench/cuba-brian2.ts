/** Runs bench/cuba_brian2.py: Brian2 in its C++ standalone mode, where a Python with Brian2 and a compiler are there. */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = ["./cuba_brian2.py", "../../bench/cuba_brian2.py"]
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((path) => existsSync(path));

export const python = ["/usr/bin/python3", "python3"].find(
  (command) => spawnSync(command, ["-c", "import brian2"], { stdio: "ignore" }).status === 0,
);

/** Null if Brian2 can run here, else the reason in one line. */
export function whyNoBrian2(): string | null {
  if (script === undefined) return "bench/cuba_brian2.py is not in this installation";
  if (python === undefined)
    return "no Python with brian2 (Debian: apt-get install python3-brian cython3 g++)";
  if (spawnSync("g++", ["--version"], { stdio: "ignore" }).status !== 0) return "no g++";
  return null;
}

/** Simulates the model whose arrays lie in `folder`; compiling takes 10 to 30 s before that. */
export function runBrian2(folder: string, model: object): { wallSeconds: number[]; spikes: number[] } {
  writeFileSync(join(folder, "model.json"), JSON.stringify(model));
  const { status, stdout, stderr } = spawnSync(python!, ["-W", "ignore", script!, folder], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const answer = stdout.trim().split("\n").at(-1) ?? "";
  if (status !== 0 || !answer.startsWith("{"))
    throw new Error(`Brian2 failed on ${folder}: ${stderr.trim().split("\n").at(-1) ?? "no message"}`);
  return JSON.parse(answer);
}
