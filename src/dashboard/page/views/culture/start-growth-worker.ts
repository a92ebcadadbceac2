/** The worker that lays out the growth of a culture. */
export const startGrowthWorker = (): Worker =>
  new Worker(new URL("./growth-worker.ts", import.meta.url), { type: "module" });
