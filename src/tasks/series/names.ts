/** The tasks that are built in. */
export const taskNames = [
  "laser",
  "henon",
  "mackey-glass",
  "lorenz",
  "cycle",
  "noisy-cycle",
  "sine",
  "sunspots",
] as const;
export type TaskName = (typeof taskNames)[number];
