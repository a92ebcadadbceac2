/** The arms that methods have for one culture, in their order. */
import { describedMethods } from "../../methods/descriptions.ts";

export function armsOf(method: string): string[] {
  return Object.entries(describedMethods().get(method)?.arms ?? {})
    .filter(([, { needs }]) => needs?.brains !== "several" && !needs?.task?.includes("game"))
    .map(([arm]) => arm);
}

/** The methods that there are, those of one's own last. */
export function methodChoices(): string[] {
  return [...describedMethods().keys()];
}

/** The arms of all methods. */
export function armChoices(): string[] {
  return [...new Set(methodChoices().flatMap(armsOf))];
}
