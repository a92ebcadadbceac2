/** What a right move goes by. */
import type { Thing } from "../state.ts";
import type { Scene } from "./arena.ts";

/** The nearest of what is sought within the field of view, nothing between. */
export function onTarget({ sought }: Pick<Scene, "sought">, fieldOfView: number): Thing | null {
  return sought.reduce<Thing | null>(
    (best, thing) =>
      thing.inSight &&
      Math.abs(thing.bearing) <= fieldOfView / 2 &&
      (best === null || thing.distance < best.distance)
        ? thing
        : best,
    null,
  );
}
