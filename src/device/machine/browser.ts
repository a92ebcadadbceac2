/** The clocks and timers of a page: the twin of `node.ts`. */

/** Milliseconds that nobody sets, of this page and its workers. */
export function monotonicMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A page is not told when its machine began. */
export function bootId(): string {
  return "";
}

/** A page is not told. */
export function availableBytes(): number {
  return Number.POSITIVE_INFINITY;
}

export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

export function soon(run: () => void): () => void {
  return after(0, run);
}
