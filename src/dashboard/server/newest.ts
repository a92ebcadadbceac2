/** Work that a page asks for again and again: one at a time; of what is asked for meanwhile the newest waits; nothing once it has gone. */
export class Newest {
  private waiting: ((signal: AbortSignal) => Promise<void>) | null = null;
  private isBusy = false;
  private readonly gone = new AbortController();

  /** `work` must not reject. */
  ask(work: (signal: AbortSignal) => Promise<void>): void {
    if (this.gone.signal.aborted) return;
    this.waiting = work;
    if (!this.isBusy) void this.go();
  }

  close(): void {
    this.waiting = null;
    this.gone.abort();
  }

  private async go(): Promise<void> {
    this.isBusy = true;
    for (let work = this.take(); work; work = this.take()) await work(this.gone.signal);
    this.isBusy = false;
  }

  private take() {
    const work = this.waiting;
    this.waiting = null;
    return work;
  }
}
