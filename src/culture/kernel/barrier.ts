/**
 * Where the threads of a culture meet: each waits until all have come. A thread looks for a while before it sleeps, for the
 * others are seldom late by more than some microseconds. Each writes only its own place, so nothing has to be
 * added up.
 */
import { Layout } from "./layout";

/**
 * The host's `Atomics.wait`: sleeps while the integer at `address` is `old`. `memory.atomic.wait32` itself loses local variables in code
 * that V8 11.3 (Node 20) has not optimised yet.
 */
// @ts-ignore: decorator
@external("env", "wait")
declare function wait(address: usize, old: i32): void;

/** What a thread shows the others: 64 bytes of its own, so that no two share a line of cache. */
@unmanaged
export class Place {
  /** How often it came. */
  times: i32;
  /** 1 when it is there to serve. */
  serves: i32;
  /** Of thread 0: which run is asked for, by how many threads (blocks.ts); how many steps; 1 to end. */
  asked: i32;
  steps: i32;
  over: i32;
}

const PLACE_BYTES: usize = 64;
const LOOKS: i32 = 20000;

export function placeOf(layout: Layout, thread: i32): usize {
  return layout.meeting + usize(thread) * PLACE_BYTES;
}

export function meet(layout: Layout, thread: i32, threads: i32): void {
  if (threads == 1) return;
  const own = placeOf(layout, thread);
  const times = atomic.load<i32>(own) + 1;
  atomic.store<i32>(own, times);
  atomic.notify(own);
  for (let other = 0; other < threads; other++) if (other != thread) awaitTime(placeOf(layout, other), times);
}

/** Returns when the thread of that place has come `times` times. */
function awaitTime(place: usize, times: i32): void {
  let seen = atomic.load<i32>(place);
  for (let look = 0; look < LOOKS && seen - times < 0; look++) seen = atomic.load<i32>(place);
  while (seen - times < 0) {
    wait(place, seen);
    seen = atomic.load<i32>(place);
  }
}

/** Returns when the integer at `address` is no longer `old`. */
export function awaitChange(address: usize, old: i32): void {
  for (let look = 0; look < LOOKS; look++) if (atomic.load<i32>(address) != old) return;
  while (atomic.load<i32>(address) == old) wait(address, old);
}
