/** Other threads on which the blocks of a large culture live (kernel/blocks.ts). Its bits do not depend on how many there are. */
import { startKernelThread } from "#kernel-threads";
import type { CultureMemory } from "../memory.ts";

/** Words of kernel/barrier.ts's Place. */
const ASKED = 2;
const OVER = 4;

/** Ends the threads of a culture that nobody has any longer. */
const forgotten = new FinalizationRegistry<Int32Array>((place) => {
  place[OVER] = 1;
  Atomics.add(place, ASKED, 1);
  Atomics.notify(place, ASKED);
});

/** Starts threads number `first` to `last`, which help as soon as they are there. Returns how many. */
export function startThreads(owner: object, memory: CultureMemory, first: number, last: number): number {
  let next = first;
  while (next <= last && startKernelThread(memory.instance, "serveBlocks", [memory.layout, next])) next++;
  if (next > first) forgotten.register(owner, memory.place);
  return next - first;
}
