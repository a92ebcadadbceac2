/**
 * The best pairing of two sets: shortest augmenting paths with potentials, O(n^2 m).
 * Kuhn 1955, https://doi.org/10.1002/nav.3800020109; Jonker & Volgenant 1987, https://doi.org/10.1007/BF02278710
 */

/** For each row of `worth [rows, columns]` the column that makes the sum of worths greatest, or -1 where there are too few. */
export function bestPairs(worth: ArrayLike<number>, rows: number, columns: number): Int32Array {
  if (worth.length !== rows * columns)
    throw new RangeError(`bestPairs: expected ${rows * columns} worths, got ${worth.length}`);
  const isTurned = rows > columns;
  const [n, m] = isTurned ? [columns, rows] : [rows, columns];
  const cost = (i: number, j: number) => -(isTurned ? worth[j * columns + i] : worth[i * columns + j]);
  // Row 0 and column 0 are the ends of paths.
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(m + 1);
  const rowOf = new Int32Array(m + 1);
  const before = new Int32Array(m + 1);
  const least = new Float64Array(m + 1);
  const done = new Uint8Array(m + 1);
  for (let i = 1; i <= n; i++) {
    rowOf[0] = i;
    let column = 0;
    least.fill(Number.POSITIVE_INFINITY);
    done.fill(0);
    do {
      done[column] = 1;
      const row = rowOf[column];
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= m; j++) {
        if (done[j]) continue;
        const reduced = cost(row - 1, j - 1) - rowPotential[row] - columnPotential[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          before[j] = column;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (let j = 0; j <= m; j++)
        if (done[j]) {
          rowPotential[rowOf[j]] += delta;
          columnPotential[j] -= delta;
        } else least[j] -= delta;
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[before[column]];
      column = before[column];
    }
  }
  const pairs = new Int32Array(rows).fill(-1);
  for (let j = 1; j <= m; j++) {
    if (rowOf[j] === 0) continue;
    if (isTurned) pairs[j - 1] = rowOf[j] - 1;
    else pairs[rowOf[j] - 1] = j - 1;
  }
  return pairs;
}
