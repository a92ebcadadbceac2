/** The model of the run that is shown, and drawing the page afresh when it has changed. */
import { useEffect, useReducer } from "preact/hooks";
import { Model } from "./model.ts";

/** The page is drawn afresh at most so often; what moves is drawn by itself. */
const REDRAW_MS = 150;

let model = new Model();
const listeners = new Set<() => void>();
let isDue = false;

/** The model of the run that is shown, and drawing afresh when it has changed. */
export function useModel(): Model {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const tell = () => redraw(0);
    listeners.add(tell);
    return () => {
      listeners.delete(tell);
    };
  }, []);
  return model;
}

export const shownModel = () => model;

/** Nothing is known of what is shown from now on. */
export function forgetShown(): Model {
  model = new Model();
  return model;
}

export function changed(): void {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    for (const tell of listeners) tell();
  }, REDRAW_MS);
}
