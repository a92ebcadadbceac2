/**
 * Tagging and capture: a weight is a late part z, which lasts, and what it differs from that by, its tag w - z, which fades
 * unless proteins capture it. A cell makes proteins while it fires above a rate. Frey & Morris 1997, https://doi.org/10.1038/385533a0;
 * after the equations of Clopath et al. 2008, https://doi.org/10.1371/journal.pcbi.1000248, with a graded late part:
 *
 *   dp/dt = ([rate > proteinHz] - p) / tau_p      dz/dt = p (w - z) / tau_capture      dw/dt = -(1 - p) (w - z) / tau_early
 *
 * and, where `restore` is not 0, the heterosynaptic term of Zenke, Agnes & Gerstner 2015,
 * https://doi.org/10.1038/ncomms7922, here linear: when a cell without proteins fires, every input goes that share of the way
 * back to its late part, so that what chance pairs of spikes wear down is mended by as many spikes.
 */
import { columnEnd, columnFrom, Layout } from "./layout";

/** Once per interval, for one cell (slot * 4) whose running rate is `rate`. */
export function consolidate(layout: Layout, cell: usize, rate: f32): void {
  let protein = load<f32>(layout.protein + cell);
  protein += (f32(rate > layout.proteinHz) - protein) * layout.proteinShare;
  store<f32>(layout.protein + cell, protein);
  const capture = protein * layout.captureShare;
  const fading = (<f32>1 - protein) * layout.earlyShare;
  const end = columnEnd(layout, cell);
  for (let at = columnFrom(layout, cell); at < end; at += 4) {
    const place = load<usize>(at) << 2;
    const w = load<f32>(layout.weight + place);
    const late = load<f32>(layout.lateWeight + place);
    const captured = late + capture * (w - late);
    store<f32>(layout.lateWeight + place, captured);
    store<f32>(layout.weight + place, w - fading * (w - captured));
  }
}

/** A spike of `cell`, at a scale of plasticity above 0. */
export function restoreInputs(layout: Layout, cell: usize, plasticity: f32): void {
  const share = layout.restore * plasticity * (<f32>1 - load<f32>(layout.protein + cell));
  const end = columnEnd(layout, cell);
  for (let at = columnFrom(layout, cell); at < end; at += 4) {
    const place = load<usize>(at) << 2;
    const w = load<f32>(layout.weight + place);
    store<f32>(layout.weight + place, w + share * (load<f32>(layout.lateWeight + place) - w));
  }
}

/** Homeostasis scales what lasts as it scales the rest. */
export function scaleLate(layout: Layout, cell: usize, scale: f32): void {
  const end = columnEnd(layout, cell);
  for (let at = columnFrom(layout, cell); at < end; at += 4) {
    const address = layout.lateWeight + (load<usize>(at) << 2);
    store<f32>(address, load<f32>(address) * scale);
  }
}
