/** A dish in its worker, as the page holds it: what it is asked is done in order, and told to whoever listens. */
import type { Deed } from "../deeds.ts";
import type { Ask, Tell } from "./messages.ts";
import { startWorker } from "./worker-source.ts";

export class Tank {
  private readonly worker = startWorker();
  private asked = 0;
  /** The deeds that are done. */
  private finished = 0;

  constructor(
    readonly options: { readonly seed: number; readonly isTaught: boolean; readonly isShown: boolean },
    private readonly hear: (tell: Tell) => void,
  ) {
    this.worker.onmessage = ({ data }: MessageEvent<Tell>) => {
      if (data.kind === "done") this.finished = data.index + 1;
      this.hear(data);
    };
    this.worker.onerror = ({ message }) => this.hear({ kind: "failed", message });
    this.ask({ kind: "grow", ...options });
  }

  /** Gives the deed's index. */
  perform(deed: Deed, isPaced: boolean): number {
    const index = this.asked++;
    this.ask({ kind: "perform", index, deed, isPaced });
    return index;
  }

  get isIdle(): boolean {
    return this.finished === this.asked;
  }

  askRefusal(): void {
    this.ask({ kind: "refusal" });
  }

  close(): void {
    this.worker.terminate();
  }

  private ask(ask: Ask): void {
    this.worker.postMessage(ask);
  }
}
