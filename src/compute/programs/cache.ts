/**
 * What is built of a function once per signature (the shapes and types of its arguments, the device), shared by all who ask
 * for it while anyone holds it, and kept for a while after.
 */

export interface Held<Built> {
  readonly built: Built;
  /** To be called once. What nobody holds is kept until newer idle things push it out. */
  release(): Promise<void>;
}

interface Disposable {
  dispose(): Promise<void>;
}

interface Entry<Built> {
  readonly building: Promise<Built>;
  holders: number;
  forget(): void;
}

export class BuildCache<Built extends Disposable> {
  private readonly byFunction = new WeakMap<object, Map<string, Entry<Built>>>();
  /** Longest idle first. */
  private readonly idle = new Set<Entry<Built>>();

  /** @param limit how many things are kept that nobody holds */
  constructor(private readonly limit: number) {}

  /** What `build` gives for `fn` and `signature`; it is called only where nothing of the kind is kept. */
  async hold(fn: object, signature: string, build: () => Promise<Built>): Promise<Held<Built>> {
    const entries = this.byFunction.get(fn) ?? new Map<string, Entry<Built>>();
    this.byFunction.set(fn, entries);
    const known = entries.get(signature);
    const entry = known ?? {
      building: build(),
      holders: 0,
      forget: () => {
        if (entries.get(signature) === entry) entries.delete(signature);
      },
    };
    entries.set(signature, entry);
    entry.holders++;
    this.idle.delete(entry);
    try {
      const built = await entry.building;
      return { built, release: () => this.release(entry) };
    } catch (error) {
      entry.forget();
      throw error;
    }
  }

  private async release(entry: Entry<Built>): Promise<void> {
    if (--entry.holders > 0) return;
    this.idle.add(entry);
    for (const oldest of this.idle) {
      if (this.idle.size <= this.limit) break;
      this.idle.delete(oldest);
      oldest.forget();
      await (await oldest.building).dispose();
    }
  }
}
