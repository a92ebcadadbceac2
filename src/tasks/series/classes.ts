/** Classes of a real value: equal-mass bins of the training values. */
import { TaskError } from "../error.ts";

/**
 * The K - 1 inner edges that come nearest to equal mass. An edge lies half-way between two values that occur, so
 * no training value is on an edge and no class is empty, however coarse the values.
 */
export function classEdges(training: ArrayLike<number>, classCount: number): Float64Array {
  const sorted = Float64Array.from(training).sort();
  const starts: number[] = [];
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) starts.push(i);
  if (starts.length === 1)
    throw new TaskError(
      `series: every training value is ${sorted[0]}, there is nothing to predict; choose another series or column`,
    );
  if (starts.length < classCount)
    throw new TaskError(
      `series: expected at least ${classCount} different training values for ${classCount} classes, ` +
        `got ${starts.length}; use fewer classes or another series`,
    );
  const edges = new Float64Array(classCount - 1);
  let cut = 0;
  for (let k = 1; k < classCount; k++) {
    const wanted = (k * sorted.length) / classCount;
    const last = starts.length - (classCount - k);
    cut++;
    while (cut < last && Math.abs(starts[cut + 1] - wanted) <= Math.abs(starts[cut] - wanted)) cut++;
    edges[k - 1] = (sorted[starts[cut] - 1] + sorted[starts[cut]]) / 2;
  }
  return edges;
}

/** The class of a value: how many edges are at or below it. */
export function classOf(edges: ArrayLike<number>, value: number): number {
  let k = 0;
  while (k < edges.length && value >= edges[k]) k++;
  return k;
}

/** Mean value of each class over `values`. */
export function classMeans(values: ArrayLike<number>, edges: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(edges.length + 1);
  const counts = new Float64Array(edges.length + 1);
  for (let i = 0; i < values.length; i++) {
    const k = classOf(edges, values[i]);
    sums[k] += values[i];
    counts[k]++;
  }
  return sums.map((sum, k) => sum / counts[k]);
}
