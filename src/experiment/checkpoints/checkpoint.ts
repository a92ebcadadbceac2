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
import { type Stage, stageName, timedAs } from "./stages.ts";

/** Raised when a stage's result can no longer be read by newer code. */
const MAGIC = "wetgrad-stage-3\n";
const DIGEST_BYTES = 32;

const BEGUN = ".begun";

export class Checkpoints {
  private counts = false;

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

  /**
   * Of tissue that cannot be put back: remembers on disk which stages were begun, for one that was cut short is begun again on
   * tissue that has had part of it already.
   */
  countBeginnings(): void {
    this.counts = true;
  }

  /** Stages of a seed and code that were begun more than once, and how often. */
  begunAgain(job: Pick<Stage, "seed" | "code">): { readonly stage: string; readonly times: number }[] {
    return this.begun(job).filter(({ times }) => times > 1);
  }

  /** Stages of a seed and code that were ever begun, where beginnings are counted, and how often. */
  begun({ seed, code }: Pick<Stage, "seed" | "code">): { readonly stage: string; readonly times: number }[] {
    return readdirSync(this.directory)
      .filter((file) => file.startsWith(`${seed}-${code}-`) && file.endsWith(BEGUN))
      .sort()
      .map((file) => ({
        stage: file.slice(`${seed}-${code}-`.length, -BEGUN.length),
        times: Number(readFileSync(join(this.directory, file), "utf8")),
      }));
  }

  /** The result of a stage: from its file if that is whole, else from `compute`, which is then saved. */
  async stage<Result>(stage: Stage, compute: () => Promise<Result>): Promise<Result> {
    const name = stageName(stage);
    const saved = this.read<Result>(name);
    if (saved) return saved.result;
    this.onStage(stage, "begin");
    if (this.counts && timedAs(stage) !== null) this.begin(name);
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

  private begin(name: string): void {
    const path = join(this.directory, `${name}${BEGUN}`);
    const times = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
    writeWhole(path, `${times + 1}\n`);
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
