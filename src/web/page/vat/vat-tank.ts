/** A vat in its worker, as the page holds it: what it is asked is done in order, and told to whoever listens. */
import { startWorker } from "../worker-source.ts";
import type { VatAsk, VatTell } from "./messages.ts";

export class VatTank {
  private readonly worker = startWorker();

  constructor(hear: (tell: VatTell) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<VatTell>) => hear(data);
    this.worker.onerror = ({ message }) => hear({ kind: "failed", message });
  }

  ask(ask: VatAsk): void {
    this.worker.postMessage(ask);
  }

  close(): void {
    this.worker.terminate();
  }
}
