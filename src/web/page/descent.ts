/** The descent as the page holds it: its code is fetched when it is asked for, from beside the page. */
import type { Heard } from "../dish.ts";
import type { DescentAsk, DescentTell } from "./descent-worker.ts";

/** Where the page finds the worker's code; it sets `wetgradDescent`. */
const SCRIPT = "descent.js";

export class DescentRun {
  stage: "loading" | Extract<DescentTell, { kind: "stage" }>["stage"] | "done" = "loading";
  share = 0;
  readonly crossEntropy: number[] = [];
  readonly overlap: number[] = [];
  heard: readonly Heard[] | null = null;
  failure: string | null = null;
  private worker: Worker | undefined;

  constructor(
    ask: DescentAsk,
    private readonly changed: () => void,
  ) {
    loadScript()
      .then((source) => this.start(source, ask))
      .catch((error: Error) => this.hear({ kind: "failed", message: error.message }));
  }

  close(): void {
    this.worker?.terminate();
  }

  private start(source: string, ask: DescentAsk): void {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<DescentTell>) => {
      if (data.kind !== "ready") return this.hear(data);
      URL.revokeObjectURL(address);
      worker.postMessage(ask);
    };
    worker.onerror = ({ message }) => this.hear({ kind: "failed", message });
  }

  private hear(tell: Exclude<DescentTell, { kind: "ready" }>): void {
    if (tell.kind === "stage") this.stage = tell.stage;
    else if (tell.kind === "failed") this.failure = tell.message;
    else if (tell.kind === "played") {
      this.heard = tell.heard;
      this.stage = "done";
    } else {
      this.share = tell.share;
      this.crossEntropy.push(tell.crossEntropy);
      this.overlap.push(tell.overlap);
    }
    this.changed();
  }
}

function loadScript(): Promise<string> {
  const held = globalThis as { wetgradDescent?: string };
  if (held.wetgradDescent !== undefined) return Promise.resolve(held.wetgradDescent);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.onload = () => resolve(held.wetgradDescent ?? "");
    script.onerror = () => reject(new Error(`expected ${SCRIPT} beside this page: put both in one folder`));
    document.head.append(script);
  });
}
