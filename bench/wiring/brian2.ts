/** The same wiring and drive in Brian2's C++ standalone mode (bench/wiring_brian2.py), where it is installed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drivingConnections, type Wiring } from "../../src/wiring/contract.ts";
import { python, whyNoBrian2 } from "../cuba-brian2.ts";
import type { Drive } from "./drive.ts";

const script = ["../wiring_brian2.py", "../../../bench/wiring_brian2.py"]
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((path) => existsSync(path));

export function whyNoWiringBrian2(): string | null {
  return script === undefined ? "bench/wiring_brian2.py is not in this installation" : whyNoBrian2();
}

export interface Brian2Answer {
  /** Of the simulation alone. */
  readonly wallSeconds: readonly number[];
  readonly spikes: Int32Array;
  readonly peakBytes: number;
}

export function brian2Spikes(wiring: Wiring, { driven, kicks }: Drive): Brian2Answer {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  try {
    const { offsets, targets, counts } = drivingConnections(wiring);
    const at = kicks.flatMap((cells, step) => Array.from(cells, () => step));
    const arrays = {
      "offsets.u32": offsets,
      "targets.i32": targets,
      "counts.u16": Uint16Array.from(counts),
      "signs.i8": wiring.signs,
      "at.i32": Int32Array.from(at),
      "cell.i32": Int32Array.from(kicks.flatMap((cells) => Array.from(cells))),
    };
    for (const [name, array] of Object.entries(arrays))
      writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    const model = { cells: wiring.names.length, driven: [...driven], steps: kicks.length, repeats: 3 };
    writeFileSync(join(folder, "model.json"), JSON.stringify(model));
    const { status, stdout, stderr } = spawnSync(python!, ["-W", "ignore", script!, folder, "cpp"], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    const answer = stdout.trim().split("\n").at(-1) ?? "";
    if (status !== 0 || !answer.startsWith("{"))
      throw new Error(`Brian2 failed: ${stderr.trim().split("\n").at(-1) ?? "no message"}`);
    const { wallSeconds, peakBytes } = JSON.parse(answer) as Brian2Answer;
    const bytes = readFileSync(join(folder, "spikes.i32"));
    return { wallSeconds, peakBytes, spikes: new Int32Array(new Uint8Array(bytes).buffer) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
