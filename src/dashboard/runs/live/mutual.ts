/**
 * How well one brain predicts another, as it goes: the partial correlation of a brain's spike count in one step with
 * another's in the next, given that other's own count the step before (what Granger, Econometrica 37, 1969,
 * https://doi.org/10.2307/1912791 asks of a cause, with one lag). Moments fade with the steps, so that what was before
 * is forgotten.
 */

/** Steps after which a moment has faded by e. */
const MEMORY = 500;
/** Of the links that are shown, how many may be chance. */
const FALSE_SHARE = 0.05;
/** Above this many brains the pairs are too many to follow. */
const MOST = 400;

export interface Link {
  readonly from: number;
  readonly to: number;
  /** Absolute partial correlation, 0 to 1. */
  readonly strength: number;
}

export class MutualPrediction {
  private readonly mean: Float64Array;
  /** Of two brains in one step, and of one in a step with another in the next: `[from, to]`. */
  private readonly together: Float64Array;
  private readonly next: Float64Array;
  private before: Float64Array | null = null;
  private steps = 0;

  constructor(brains: number) {
    const n = brains > MOST ? 0 : brains;
    this.mean = new Float64Array(n);
    this.together = new Float64Array(n * n);
    this.next = new Float64Array(n * n);
  }

  /** Spike counts of all brains in one step. */
  add(counts: ArrayLike<number>): void {
    const { mean, together, next, before } = this;
    const n = mean.length;
    this.steps++;
    const share = Math.max(1 / this.steps, 1 / MEMORY);
    for (let i = 0; i < n; i++) mean[i] += share * (counts[i] - mean[i]);
    const now = Float64Array.from(mean, (m, i) => counts[i] - m);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        together[i * n + j] += share * (now[i] * now[j] - together[i * n + j]);
        if (before) next[i * n + j] += share * (before[i] * now[j] - next[i * n + j]);
      }
    this.before = now;
  }

  /**
   * The strongest links, at most `most`: so many that chance would make a twentieth of them (Benjamini & Hochberg 1995,
   * https://doi.org/10.1111/j.2517-6161.1995.tb02031.x).
   */
  links(most: number): Link[] {
    const n = this.mean.length;
    const found: Link[] = [];
    for (let from = 0; from < n; from++)
      for (let to = 0; to < n; to++)
        if (from !== to) found.push({ from, to, strength: Math.min(1, Math.abs(this.partial(from, to))) });
    found.sort((a, b) => b.strength - a.strength);
    // P(|z| > t) <= exp(-t^2 / 2); moments that fade are worth twice their memory.
    const worth = Math.min(this.steps, 2 * MEMORY);
    const isBeyondChance = ({ strength }: Link, rank: number) =>
      Math.exp(-0.5 * worth * strength ** 2) <= (FALSE_SHARE * (rank + 1)) / found.length;
    return found.slice(0, Math.min(most, found.findLastIndex(isBeyondChance) + 1));
  }

  private partial(from: number, to: number): number {
    const n = this.mean.length;
    const [a, b] = [this.together[from * n + from], this.together[to * n + to]];
    if (a <= 1e-12 || b <= 1e-12) return 0;
    const predicted = this.next[from * n + to] / Math.sqrt(a * b);
    const own = this.next[to * n + to] / b;
    const shared = this.together[from * n + to] / Math.sqrt(a * b);
    const rest = (1 - own * own) * (1 - shared * shared);
    return rest <= 1e-9 ? 0 : (predicted - own * shared) / Math.sqrt(rest);
  }
}
