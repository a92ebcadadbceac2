/**
 * Stages that survive a kill: the result of each is written to one file, atomically, and read back instead of being
 * computed again. A stage is a pure function of the run's configuration and of earlier stages, so a run killed at
 * any moment ends with the same bits, those of its files among them.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { fromBytes, toBytes } from "./canonical.ts";
import { type Stage, stageName } from "./stages.ts";

/** Raised when a stage's result can no longer be read by newer code. */
const MAGIC = "wetgrad-stage-3\n";
const DIGEST_BYTES = 32;

export class Checkpoints {
  constructor(
    private readonly directory: string,
    /** Called before and after every stage that is computed, not read back. */
    private readonly onStage: (stage: Stage, state: "begin" | "end") => void = () => {},
  ) {
    makeFolder(directory);
  }

  has(stage: Stage): boolean {
    return existsSync(this.path(stageName(stage)));
  }

  /** The result of a stage: from its file if that is whole, else from `compute`, which is then saved. */
  async stage<Result>(stage: Stage, compute: () => Promise<Result>): Promise<Result> {
    const name = stageName(stage);
    const saved = this.read<Result>(name);
    if (saved) return saved.result;
    this.onStage(stage, "begin");
    const result = await compute();
    this.write(name, result);
    this.onStage(stage, "end");
    return result;
  }

  /** Forgets every stage of a seed and code but its outcome. */
  forget({ seed, code }: Pick<Stage, "seed" | "code">): void {
    const outcome = stageName({ seed, code, part: "outcome" });
    for (const file of readdirSync(this.directory)) {
      const name = file.split(".")[0];
      if (name.startsWith(`${seed}-${code}-`) && name !== outcome) rmSync(join(this.directory, file));
    }
  }

  private path(name: string): string {
    return join(this.directory, `${name}.stage`);
  }

  private read<Result>(name: string): { result: Result } | null {
    if (!existsSync(this.path(name))) return null;
    const bytes = readFileSync(this.path(name));
    const head = MAGIC.length + DIGEST_BYTES;
    if (bytes.length < head || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
    const body = bytes.subarray(head);
    if (!digest(body).equals(bytes.subarray(MAGIC.length, head))) return null;
    return { result: fromBytes(body) as Result };
  }

  private write(name: string, result: unknown): void {
    const body = toBytes(result);
    writeWhole(this.path(name), Buffer.from(MAGIC, "latin1"), digest(body), body);
  }
}

function digest(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}
