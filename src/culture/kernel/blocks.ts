/**
 * A large culture as blocks of cells that live side by side, on one thread or on several. No spike arrives sooner than the
 * shortest delay, so a block lives that long (an epoch) before it hears the others: first the membranes of all blocks, step
 * by step, then what all spikes of the epoch do to the synapses onto its own cells. Between the two, threads meet: once
 * an epoch. Morrison et al. 2005, https://doi.org/10.1162/0899766054026648
 *
 * A synapse belongs to the block of the cell it ends on, and what happens to it happens in the order of one block (kernel.ts):
 * delivery by step and slot, depression, potentiation, upkeep. Each block has noise of its own. So the bits do not depend on
 * the threads.
 *
 * A block has a layout of its own: the culture's, with its own slots, rows, noise, state and scratch. Its traces are those of the step
 * that is being heard: what the culture's traces were then is kept for two epochs, one being heard while the next is lived.
 */
import { awaitChange, meet, Place, placeOf } from "./barrier";
import { deliver } from "./delivery";
import { countAt, fireEpoch, heardAt } from "./firing";
import { afterExcitatorySpikes, afterInhibitorySpikes } from "./inhibition";
import { Layout, State } from "./layout";
import { depressRows, potentiateColumns } from "./learning";
import { FLUSH_STEPS, maintain } from "./upkeep";

/** `Place.asked` has the threads of a run in its low bits. */
const THREAD_BITS: i32 = 5;

/** As `run` (kernel.ts) for a culture of blocks, with as many threads as serve. */
export function runBlocks(layoutAddress: usize, steps: i32): i32 {
  const layout = changetype<Layout>(layoutAddress);
  const place = placeOf(layout, 0);
  let threads = 1;
  while (threads < layout.blocks && atomic.load<i32>(placeOf(layout, threads), offsetof<Place>("serves")) != 0) threads++;
  for (let b = 0; b < layout.blocks; b++) memory.copy(blockOf(layout, b).state, layout.state, offsetof<State>());
  if (threads > 1) {
    const times = atomic.load<i32>(place);
    for (let thread = 1; thread < threads; thread++) atomic.store<i32>(placeOf(layout, thread), times);
    const run = (atomic.load<i32>(place, offsetof<Place>("asked")) >> THREAD_BITS) + 1;
    atomic.store<i32>(place, steps, offsetof<Place>("steps"));
    atomic.store<i32>(place, (run << THREAD_BITS) | threads, offsetof<Place>("asked"));
    atomic.notify(place + offsetof<Place>("asked"));
  }
  const done = live(layout, 0, threads, steps);
  meet(layout, 0, threads);
  memory.copy(layout.state, blockOf(layout, 0).state, offsetof<State>());
  return done;
}

/** What another thread does until the culture is over: it is number `thread`, thread 0 being the one that runs the culture. */
export function serveBlocks(layoutAddress: usize, thread: i32): void {
  const layout = changetype<Layout>(layoutAddress);
  const place = placeOf(layout, 0);
  const asked = place + offsetof<Place>("asked");
  let last = atomic.load<i32>(asked);
  atomic.store<i32>(placeOf(layout, thread), 1, offsetof<Place>("serves"));
  while (true) {
    awaitChange(asked, last);
    last = atomic.load<i32>(asked);
    if (atomic.load<i32>(place, offsetof<Place>("over")) != 0) return;
    const threads = last & ((1 << THREAD_BITS) - 1);
    if (thread >= threads) continue; // It came when this run had begun.
    live(layout, thread, threads, atomic.load<i32>(place, offsetof<Place>("steps")));
    meet(layout, thread, threads);
  }
}

// @ts-ignore: decorator
@inline
function blockOf(layout: Layout, block: i32): Layout {
  return changetype<Layout>(layout.blockLayouts + usize(block) * ((offsetof<Layout>() + 15) & ~15));
}

/** Blocks thread, thread + threads, ... for up to `steps` steps; thread 0 also lists the spikes. */
function live(layout: Layout, thread: i32, threads: i32, steps: i32): i32 {
  const capacity = layout.spikeCapacity;
  let done = 0;
  let spikes = 0;
  let parity = 0;
  while (done < steps && spikes <= capacity) {
    const step = changetype<State>(blockOf(layout, thread).state).step;
    const epoch = min<i32>(
      min<i32>(layout.epochSteps, steps - done),
      min<i32>(layout.homeostasisSteps - (step % layout.homeostasisSteps), FLUSH_STEPS - (step % FLUSH_STEPS)),
    );
    const first = parity * layout.epochSteps;
    for (let b = thread; b < layout.blocks; b += threads) fireEpoch(layout, blockOf(layout, b), b, first, epoch);
    meet(layout, thread, threads);
    for (let b = thread; b < layout.blocks; b += threads) {
      const block = blockOf(layout, b);
      changetype<State>(block.state).step = step;
      for (let k = 0; k < epoch; k++) {
        hearAll(layout, block, b, first + k);
        changetype<State>(block.state).step++;
      }
    }
    spikes = listSpikes(layout, thread == 0, first, epoch, step, spikes);
    done += epoch;
    parity ^= 1;
  }
  if (thread == 0) changetype<State>(blockOf(layout, 0).state).spikeCount = spikes;
  return done;
}

/** What the spikes at place `kept` do to the block's synapses, and its upkeep after that step. */
function hearAll(layout: Layout, block: Layout, b: i32, kept: i32): void {
  const state = changetype<State>(block.state);
  const row = usize(state.step % layout.ringSlots) * (usize(layout.slots) << 3);
  const place = usize(kept * layout.slots) << 2;
  block.preTrace = layout.preTraceKept + place;
  block.postTrace = layout.postTraceKept + place;
  block.slowTrace = layout.slowTraceKept + place;
  block.slowPreTrace = layout.slowPreTraceKept + place;
  block.inhibitoryTrace = layout.inhibitoryTraceKept + place;
  for (let inhibitory = 0; inhibitory < 2; inhibitory++)
    for (let other = 0; other < layout.blocks; other++) {
      const from = spikesFrom(layout, other, inhibitory, kept);
      const to = from + (usize(load<i32>(countAt(layout, kept, other, inhibitory))) << 3);
      for (let at = from; at < to; at += 8) {
        const cell = usize(load<i32>(at, 4)) << 2;
        deliver<u32>(block, row, load<i32>(block.rowStart + cell), load<i32>(block.rowEnd + cell), load<f32>(at));
      }
    }
  for (let other = 0; other < layout.blocks; other++) {
    const from = spikesFrom(layout, other, 0, kept);
    depressRows<u32>(block, state.plasticity, from, from + (usize(load<i32>(countAt(layout, kept, other, 0))) << 3));
  }
  const own = spikesFrom(layout, b, 0, kept);
  const end = own + (usize(load<i32>(countAt(layout, kept, b, 0))) << 3);
  potentiateColumns<u32>(block, state.plasticity, own, end);
  if (layout.inhibitoryPlastic != 0) {
    for (let other = 0; other < layout.blocks; other++) {
      const from = spikesFrom(layout, other, 1, kept);
      afterInhibitorySpikes<u32>(block, state.plasticity, from, from + (usize(load<i32>(countAt(layout, kept, other, 1))) << 3));
    }
    afterExcitatorySpikes<u32>(block, state.plasticity, own, end);
  }
  block.preTrace = layout.preTrace;
  block.postTrace = layout.postTrace;
  block.slowTrace = layout.slowTrace;
  block.slowPreTrace = layout.slowPreTrace;
  block.inhibitoryTrace = layout.inhibitoryTrace;
  maintain(block);
}

// @ts-ignore: decorator
@inline
function spikesFrom(layout: Layout, b: i32, inhibitory: i32, kept: i32): usize {
  const block = blockOf(layout, b);
  return heardAt(layout, kept, inhibitory != 0 ? block.inhibitoryFrom : block.excitatoryFrom);
}

/**
 * Counts the spikes of the epoch that begins at `step` and was kept from place `first` on, on top of `spikes`; `isListed`: also appends
 * them to the culture's list, as (step, slot). Returns their number.
 */
function listSpikes(layout: Layout, isListed: bool, first: i32, epoch: i32, step: i32, spikes: i32): i32 {
  for (let k = 0; k < epoch; k++)
    for (let inhibitory = 0; inhibitory < 2; inhibitory++)
      for (let b = 0; b < layout.blocks; b++) {
        const count = load<i32>(countAt(layout, first + k, b, inhibitory));
        if (isListed) {
          let out = layout.spikes + (usize(spikes) << 3);
          let at = spikesFrom(layout, b, inhibitory, first + k);
          for (let n = 0; n < count; n++) {
            store<i32>(out, step + k);
            store<i32>(out, load<i32>(at, 4), 4);
            out += 8;
            at += 8;
          }
        }
        spikes += count;
      }
  return spikes;
}
