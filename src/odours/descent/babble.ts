/** What an emulator is first fitted on. */
import type { Random } from "../../math/random.ts";

/** Random doses `[M]`: half of the classes, each by chance. */
export function babbledDoses(random: Random, classes: number): Float64Array {
  return Float64Array.from({ length: classes }, () => (random.uniform() < 0.5 ? 0 : random.uniform()));
}
