/**
 * `wetgrad/web`: a dish in a page or a notebook, by an ES module without further files.
 *
 * ```js
 * import { grow, readDeeds } from "./wetgrad.js";
 * const dish = await grow({ seed: 3 });
 * for await (const { note, next, said } of dish.perform({ kind: "teach", notes: 80 }));
 * for await (const { said } of dish.perform({ kind: "play", from: 0, notes: 16 })) console.log(said);
 * ```
 */
import { Dish, type DishOptions } from "./dish.ts";

export { type Deed, readDeeds, type Tune, writeDeeds } from "./deeds.ts";
export { type Dish, type DishOptions, type Heard, NOTES } from "./dish.ts";

/** A culture that is grown, quieted and surveyed: 2 to 4 s of a processor's time. It works in the thread that asks. */
export const grow = (options: DishOptions): Promise<Dish> => Dish.grow(options);
