/**
 * Arms on dishes and days: as many dishes as there are arms make a block, whose arms are the first columns of a random Latin square, so
 * that on each day of a block every arm runs once, and no dish has an arm twice before it has had all (Cochran & Cox 1957, "Experimental
 * Designs", chapter 4). What dishes and days add to every arm then falls out of the differences.
 */
import { Random } from "../../math/random.ts";

export interface Allocated {
  /** By number. */
  readonly dish: number;
  readonly day: number;
  readonly arm: number;
}

/** Sessions in the order in which they are run: day by day, within a day at random. */
export function allocate(arms: number, dishes: number, sessionsPerDish: number, seed: number): Allocated[] {
  const random = Random.of(seed, "allocation");
  const order = random.permutation(dishes);
  const armOf = order.map(() => new Array<number>(sessionsPerDish).fill(0));
  for (let block = 0; block * arms < dishes; block++)
    for (let from = 0; from < sessionsPerDish; from += arms) {
      const square = latinSquare(arms, random.split(`${block} ${from}`));
      order.slice(block * arms, (block + 1) * arms).forEach((dish, row) => {
        for (let day = from; day < Math.min(from + arms, sessionsPerDish); day++)
          armOf[dish][day] = square[row][day - from];
      });
    }
  return Array.from({ length: sessionsPerDish }, (_, day) =>
    random.permutation(dishes).map((dish) => ({ dish, day, arm: armOf[dish][day] })),
  ).flat();
}

/** The cyclic square with its rows, columns and symbols in random order. */
function latinSquare(size: number, random: Random): number[][] {
  const [rows, columns, symbols] = [0, 1, 2].map(() => random.permutation(size));
  return rows.map((row) => columns.map((column) => symbols[(row + column) % size]));
}
