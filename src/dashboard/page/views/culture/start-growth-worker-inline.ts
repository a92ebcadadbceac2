/** In place of start-growth-worker.ts where a page opened from the disk may load no worker: its code is in the page. */
import source from "virtual:growth-worker";

export const startGrowthWorker = (): Worker =>
  new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
