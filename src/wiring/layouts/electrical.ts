/** Gap junctions, which tables list in both directions: each once, from the lower to the higher cell. */
import type { Connections } from "../contract.ts";
import { Edges } from "../edges.ts";

export interface Once {
  readonly connections: Connections;
  /** Pairs listed in both directions with different weights; the larger is taken. */
  readonly differing: number;
  readonly ontoItself: number;
}

export function electricalOnce({ offsets, targets, counts }: Connections): Once {
  const cells = offsets.length - 1;
  const edges = new Edges();
  let [differing, ontoItself] = [0, 0];
  const countOf = (from: number, to: number): number => {
    for (let j = offsets[from]; j < offsets[from + 1]; j++) if (targets[j] === to) return counts[j];
    return 0;
  };
  for (let from = 0; from < cells; from++)
    for (let j = offsets[from]; j < offsets[from + 1]; j++) {
      const to = targets[j];
      const back = countOf(to, from);
      if (to === from) ontoItself++;
      else if (from < to || back === 0) {
        if (back > 0 && back !== counts[j]) differing++;
        edges.add(Math.min(from, to), Math.max(from, to), Math.max(counts[j], back));
      }
    }
  return { connections: edges.connections(cells), differing, ontoItself };
}
