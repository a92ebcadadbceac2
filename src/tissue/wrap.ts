/** The same tissue, with some of what it does changed: how it is watched, recorded and timed. */
import type { Tissue } from "./contract.ts";

export function wrapTissue(inner: Tissue, changes: Partial<Tissue>): Tissue {
  return {
    open: (specs, onGrown) => inner.open(specs, onGrown),
    profile: (brain) => inner.profile(brain),
    step: (step, plans) => inner.step(step, plans),
    perform: (brain, command) => inner.perform(brain, command),
    snapshot: (brains) => inner.snapshot(brains),
    restore: (step, brains, snapshots) => inner.restore(step, brains, snapshots),
    close: () => inner.close(),
    ...changes,
  };
}
