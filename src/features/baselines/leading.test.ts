import { expect, test } from "vitest";
import { symmetricEigen } from "../../math/principal.ts";
import { Random } from "../../math/random.ts";
import { leadingEigen } from "./leading.ts";

test("the leading eigenvectors are those of the whole", () => {
  const [n, rank] = [60, 5];
  const random = Random.of(1, "leading");
  const rows = Array.from({ length: rank }, (_, k) => random.normals(n).map((v) => v * (rank + 1 - k)));
  const matrix = Float64Array.from({ length: n * n }, (_, i) => {
    const [a, b] = [Math.floor(i / n), i % n];
    return rows.reduce((sum, row) => sum + row[a] * row[b], a === b ? 0.5 : 0);
  });
  const [all, some] = [symmetricEigen(matrix, n), leadingEigen(matrix, n, rank)];
  for (let k = 0; k < rank; k++) {
    expect(some.values[k]).toBeCloseTo(all.values[k], 6);
    const along = all.vectors[k].reduce((sum, v, d) => sum + v * some.vectors[k][d], 0);
    expect(Math.abs(along)).toBeCloseTo(1, 8);
  }
});
