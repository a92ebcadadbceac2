/**
 * Stages that survive a kill: the result of each is written to one file, atomically, and read back instead of being
 * computed again. A stage is a pure function of the run's configuration and of earlier stages, so a run killed at
 * any moment ends with the same bits.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { writeWhole } from "../files/whole.ts";

/** Raised when a stage's result can no longer be read by newer code. */
const MAGIC = "wetgrad-stage-1\n";
const DIGEST_BYTES = 32;

export class Checkpoints {
  constructor(
    private readonly directory: string,
    /** Called before and after every stage that is computed, not read back. */
    private readonly onStage: (name: string, state: "begin" | "end") => void = () => {},
  ) {
    mkdirSync(directory, { recursive: true });
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** The result of stage `name`: from its file if that is whole, else from `compute`, which is then saved. */
  async stage<Result>(name: string, compute: () => Promise<Result>): Promise<Result> {
    const saved = this.read<Result>(name);
    if (saved) return saved.result;
    this.onStage(name, "begin");
    const result = await compute();
    this.write(name, result);
    this.onStage(name, "end");
    return result;
  }

  /** Forgets every stage whose name begins with `prefix`, save those in `kept`. */
  forget(prefix: string, kept: readonly string[]): void {
    for (const file of readdirSync(this.directory)) {
      const name = file.split(".")[0];
      if (name.startsWith(prefix) && !kept.includes(name)) rmSync(join(this.directory, file));
    }
  }

  private path(name: string): string {
    return join(this.directory, `${name}.stage`);
  }

  private read<Result>(name: string): { result: Result } | null {
    if (!this.has(name)) return null;
    const bytes = readFileSync(this.path(name));
    const head = MAGIC.length + DIGEST_BYTES;
    if (bytes.length < head || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
    const body = bytes.subarray(head);
    if (!digest(body).equals(bytes.subarray(MAGIC.length, head))) return null;
    return { result: deserialize(body) as Result };
  }

  private write(name: string, result: unknown): void {
    const body = serialize(result);
    writeWhole(this.path(name), Buffer.from(MAGIC, "latin1"), digest(body), body);
  }
}

function digest(body: Buffer): Buffer {
  return createHash("sha256").update(body).digest();
}
