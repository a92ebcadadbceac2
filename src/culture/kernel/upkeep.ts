/** What is done to a culture, or to a block of one, every so many steps. */
import { settle } from "./eligibility";
import { homeostasis } from "./homeostasis";
import { flushInhibition } from "./inhibition";
import { Group, GROUP_BYTES, Layout, State } from "./layout";
import { flush } from "./plasticity";

/** Steps between two sweeps for denormal numbers. */
export const FLUSH_STEPS: i32 = 32;
/** Steps between two settlements of the eligibilities: e^(age / tau) must stay a 32-bit float. A multiple of `FLUSH_STEPS`. */
const SETTLE_STEPS: i32 = 512;

/** After the step of `layout.state`. */
export function maintain(layout: Layout): void {
  const state = changetype<State>(layout.state);
  const next = state.step + 1;
  if (next % layout.homeostasisSteps == 0) homeostasis(layout, state.plasticity != 0);
  if (next % FLUSH_STEPS == 0) flushAll(layout);
  if (layout.eligible != 0 && next % SETTLE_STEPS == 0) settle(layout);
}

function flushAll(layout: Layout): void {
  const first = usize(layout.excitatoryFrom) << 2;
  const bytes = (usize(layout.excitatoryTo) << 2) - first;
  flush(layout.preTrace + first, bytes);
  flush(layout.postTrace + first, bytes);
  flush(layout.slowTrace + first, bytes);
  if (layout.tripletDepression != 0) flush(layout.slowPreTrace + first, bytes);
  flushSlots(layout, layout.excitatoryFrom, layout.excitatoryTo);
  flushSlots(layout, layout.inhibitoryFrom, layout.inhibitoryTo);
}

/** Of a group, from ampa to its end: drive and potential do not decay, and readyAt is an integer. */
function flushSlots(layout: Layout, from: i32, to: i32): void {
  if (layout.inhibitoryPlastic != 0) flushInhibition(layout, from, to);
  for (let slot = from; slot < to; slot += 4)
    flush(layout.groups + (usize(slot) << 5) + offsetof<Group>("ampa"), GROUP_BYTES - offsetof<Group>("ampa"));
}
