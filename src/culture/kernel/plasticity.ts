/**
 * Pair spike-timing-dependent plasticity with hard bounds, all-to-all traces, and a heterosynaptic term: when a
 * cell fires, every input grows by its presynaptic trace less `heterosynaptic`, so that inputs which were not
 * active of late shrink. Song, Miller & Abbott 2000, https://doi.org/10.1038/78829; the optional slow postsynaptic
 * trace makes it the triplet rule of Pfister & Gerstner 2006, https://doi.org/10.1523/JNEUROSCI.1425-06.2006
 *
 * Within a step: depression for all spikes, potentiation for all spikes, then the traces grow, so that
 * simultaneous spikes do not pair.
 *
 * `Synapses` is a layout with the arrays named here, as those of layout.ts and cuba.ts; `Slot` is u16 or u32, in which
 * `post` and `columnPre` hold slots.
 */

/** Presynaptic spike: w -= rate * postTrace, not below 0, for entries [from, to) of its row. */
export function depress<Synapses, Slot>(layout: Synapses, from: i32, to: i32, rate: f32): void {
  const postTrace = layout.postTrace;
  const weight = layout.weight;
  let slot = layout.post + usize(from) * sizeof<Slot>();
  const end = weight + (usize(to) << 2);
  for (let at = weight + (usize(from) << 2); at < end; at += 4) {
    const w = load<f32>(at) - rate * load<f32>(postTrace + (usize(load<Slot>(slot)) << 2));
    store<f32>(at, w > 0 ? w : 0);
    slot += sizeof<Slot>();
  }
}

/** As `depress` at a negative rate: w += rate * postTrace, not above `maximumWeight`. */
export function relieve<Synapses, Slot>(layout: Synapses, from: i32, to: i32, rate: f32): void {
  const postTrace = layout.postTrace;
  const weight = layout.weight;
  const maximum = layout.maximumWeight;
  let slot = layout.post + usize(from) * sizeof<Slot>();
  const end = weight + (usize(to) << 2);
  for (let at = weight + (usize(from) << 2); at < end; at += 4) {
    const w = load<f32>(at) + rate * load<f32>(postTrace + (usize(load<Slot>(slot)) << 2));
    store<f32>(at, w < maximum ? w : maximum);
    slot += sizeof<Slot>();
  }
}

/** Postsynaptic spike: w += rate * (preTrace - offset), within [0, maximumWeight], for entries [from, to) of its column. */
export function potentiate<Synapses, Slot>(layout: Synapses, from: i32, to: i32, rate: f32, offset: f32): void {
  const preTrace = layout.preTrace;
  const weight = layout.weight;
  const synapse = layout.columnSynapse;
  const maximum = layout.maximumWeight;
  let slot = layout.columnPre + usize(from) * sizeof<Slot>();
  const end = synapse + (usize(to) << 2);
  for (let at = synapse + (usize(from) << 2); at < end; at += 4) {
    const address = weight + (load<usize>(at) << 2);
    const w = load<f32>(address) + rate * (load<f32>(preTrace + (usize(load<Slot>(slot)) << 2)) - offset);
    const above = w > 0 ? w : 0;
    store<f32>(address, above < maximum ? above : maximum);
    slot += sizeof<Slot>();
  }
}

/** x *= factor over `bytes` bytes (a multiple of 16). */
export function decay(address: usize, bytes: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let at = address, end = address + bytes; at < end; at += 16)
    v128.store(at, f32x4.mul(v128.load(at), factors));
}

/** x *= factor, `times` times, over `bytes` bytes at `address`; what each time makes is left at `kept`, in rows `rowBytes` apart. */
export function decayKept(address: usize, kept: usize, bytes: usize, rowBytes: usize, times: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) {
    let x = v128.load(address + at);
    let row = kept + at;
    for (let k = 0; k < times; k++) {
      x = f32x4.mul(x, factors);
      v128.store(row, x);
      row += rowBytes;
    }
    v128.store(address + at, x);
  }
}

/**
 * After `decayKept`, for a cell's x at `address`: it grew by 1 when it was what is at `kept`, and has decayed by `factor` `times` times since, each time
 * a row of `rowBytes` later.
 */
export function growKept(address: usize, kept: usize, rowBytes: usize, times: i32, factor: f32): void {
  let x = load<f32>(kept) + 1;
  for (let k = 0; k < times; k++) {
    x *= factor;
    kept += rowBytes;
    store<f32>(kept, x);
  }
  store<f32>(address, x);
}

/** Sets what has decayed below 1e-20 to zero: denormal numbers are slow on most processors. */
export function flush(address: usize, bytes: usize): void {
  const least = f32x4.splat(1e-20);
  for (let at = address, end = address + bytes; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, v128.and(x, f32x4.gt(f32x4.abs(x), least)));
  }
}
