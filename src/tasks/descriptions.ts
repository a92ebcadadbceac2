/** What every task is, in words: for who chooses one, without what carries it out (open.ts has them by name). */
import { TaskError } from "./error.ts";

export interface TaskDescription {
  /** Small letters, digits and dashes. */
  readonly name: string;
  /** A game has hits and misses, and may be given the feedback of one. */
  readonly kind: "series" | "symbols" | "game";
  /** One line, for who chooses. */
  readonly meaning: string;
  /** Brains that it takes; one if not given. */
  readonly leastBrains?: number;
}

const OURS: readonly TaskDescription[] = [
  { name: "series", kind: "series", meaning: "one series, of one culture" },
  { name: "peers", kind: "symbols", meaning: "brains predict each other", leastBrains: 2 },
  { name: "pong", kind: "game", meaning: "the game, with descent or the published feedback" },
  {
    name: "doom",
    kind: "game",
    meaning: "a real engine's arena, with descent or the published feedback (wetgrad doom setup)",
  },
  { name: "signals", kind: "series", meaning: "streams from files, one to each brain" },
];

const descriptions = new Map(OURS.map((description) => [description.name, description]));

/** The tasks of this package that a vat is trained on. */
export const VAT_TASKS = OURS.map(({ name }) => name).filter((name) => name !== "series");

/** Throws `TaskError` where the name is taken, or is none. */
export function describeTask(description: TaskDescription): void {
  const { name } = description;
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new TaskError(`task: expected a name of small letters, digits and dashes, got ${name}`);
  if (descriptions.has(name))
    throw new TaskError(`task ${name}: there is one of this name already; choose another`);
  descriptions.set(name, description);
}

/** All tasks, those of one's own last. */
export function describedTasks(): readonly TaskDescription[] {
  return [...descriptions.values()];
}

/** All tasks that a vat can be trained on, those of one's own last. */
export function vatTaskNames(): string[] {
  return [...descriptions.keys()].filter((name) => name !== "series");
}

export function gameNames(): string[] {
  return vatTaskNames().filter(isGame);
}

export function isGame(name: string): boolean {
  return descriptions.get(name)?.kind === "game";
}

export function leastBrainsOf(name: string): number {
  return descriptions.get(name)?.leastBrains ?? 1;
}

export function meaningOfTask(name: string): string {
  return descriptions.get(name)?.meaning ?? "";
}
