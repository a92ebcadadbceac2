/** The twin's inner loops, compiled to wasm SIMD: a step forward, and back through a window of steps. */
import { Noise } from "../../../culture/kernel/layout";
import { fillGaussian } from "../../../culture/kernel/noise";
import { back, backThroughBlock } from "./backward";
import { deliver, integrate, refreshBlock } from "./forward";
import { Adjoint, Kind, Layout, Tape } from "./layout";

export function layoutBytes(): i32 {
  return i32(offsetof<Layout>());
}

/** Lives step `step`, with `row` the ring's; writes to row `taped` of the tape, unless negative. Returns how many fired. */
export function advance(layoutAddress: usize, step: i32, row: i32, taped: i32): i32 {
  const layout = changetype<Layout>(layoutAddress);
  const bytes = usize(layout.slots) << 2;
  const tape = taped < 0 ? <usize>0 : layout.tape + usize(taped * Tape.QUANTITIES) * bytes;
  const ringRow = usize(row) * bytes;
  fillGaussian(changetype<Noise>(layout.random), layout.gaussian, bytes);
  refreshBlock(layout, step);
  let count = integrate(layout, changetype<Kind>(layout.excitatory), step, ringRow, tape, 0);
  count = integrate(layout, changetype<Kind>(layout.inhibitory), step, ringRow, tape, count);
  for (let k = 0; k < count; k++) {
    const slot = load<i32>(layout.fired + (usize(k) << 2));
    const spike = tape == 0 ? <f32>1 : load<f32>(tape + usize(Tape.SPIKE) * bytes + (usize(slot) << 2));
    deliver(layout, step, slot, ringRow, spike);
  }
  return count;
}

/** Back through rows [from, to) of the tape, the first being the culture's step `startStep`: adds to `gradient`. */
export function backward(layoutAddress: usize, from: i32, to: i32, startStep: i32): void {
  const layout = changetype<Layout>(layoutAddress);
  memory.fill(layout.adjoint, 0, usize(Adjoint.QUANTITIES * layout.slots) << 2);
  for (let t = to - 1; t >= from; t--) {
    back(layout, changetype<Kind>(layout.excitatory), t, to);
    back(layout, changetype<Kind>(layout.inhibitory), t, to);
    backThroughBlock(layout, t, startStep + t - from);
  }
}
