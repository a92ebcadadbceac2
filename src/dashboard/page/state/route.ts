/** Which view is shown, and what is chosen in it: all of it is in the address, so that a link opens the same thing. */
import { useEffect, useState } from "preact/hooks";

export const VIEWS = ["culture", "emulator", "task", "experiment", "control"] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  readonly run: string;
  /** What is chosen: culture, window, arm ... */
  readonly chosen: Readonly<Record<string, string>>;
}

export function readRoute(hash = location.hash): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const { run = "", ...chosen } = Object.fromEntries(new URLSearchParams(query));
  return { view: VIEWS.find((view) => view === path) ?? "culture", run, chosen };
}

export function hashOf({ view, run, chosen }: Route): string {
  const query = new URLSearchParams({ ...(run ? { run } : {}), ...chosen }).toString();
  return `#/${view}${query ? `?${query}` : ""}`;
}

const changed = new Set<() => void>();
addEventListener("hashchange", () => {
  for (const tell of changed) tell();
});

/** Goes to a view; what is chosen stays unless told otherwise. Choices replace the address, views add to the history. */
export function go(to: Partial<Route>): void {
  const now = readRoute();
  const hash = hashOf({ ...now, ...to });
  if (hash === location.hash) return;
  if (to.view === undefined && to.run === undefined) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  for (const tell of changed) tell();
}

export function choose(name: string, value: string): void {
  go({ chosen: { ...readRoute().chosen, [name]: value } });
}

export function useRoute(): Route {
  const [route, set] = useState(readRoute);
  useEffect(() => {
    const tell = () => set(readRoute());
    changed.add(tell);
    addEventListener("popstate", tell);
    return () => {
      changed.delete(tell);
      removeEventListener("popstate", tell);
    };
  }, []);
  return route;
}

/** A choice that is a number, from the address or `fallback`. */
export function chosenNumber(route: Route, name: string, fallback: number): number {
  const value = Number(route.chosen[name] ?? Number.NaN);
  return Number.isFinite(value) ? value : fallback;
}
