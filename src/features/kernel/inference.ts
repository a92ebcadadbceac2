/**
 * Sparse codes of counts under a Poisson model, and what a dictionary learns from them:
 *
 *   rate = b + a W,    a <- a (y / rate) W',    then, once the threshold has begun to rise,  a <- max(0, a - c exp(-a / 4c))
 *
 * The rows of W sum to 1, so a is in spikes. The multiplicative update is the EM step of Poisson non-negative factorisation
 * (Lee & Seung 2001, https://papers.nips.cc/paper/1861-algorithms-for-non-negative-matrix-factorization; Richardson 1972,
 * https://doi.org/10.1364/JOSA.62.000055); the shrinkage takes away what is small and leaves what is large, as a prior with a shape
 * below one does. A code that has reached zero stays there, so each window keeps a list of the codes that live.
 */
import { exponential } from "../../culture/kernel/exponential";
import { addScaled, dot } from "./products";

@unmanaged
class Layout {
  windows: i32;
  features: i32;
  /** A multiple of 16. */
  length: i32;
  rounds: i32;
  /** Rounds in which the threshold begins to rise and is at its end. */
  rampFrom: i32;
  rampTo: i32;
  /** Whether the statistics are added up. */
  learn: i32;
  counts: usize;
  dictionary: usize;
  background: usize;
  codes: usize;
  /** Statistics: `[features, length]`, `[length]`, `[features]`; surprise of each window. */
  gain: usize;
  backgroundGain: usize;
  use: usize;
  surprise: usize;
  /** Room for a row of `length`, twice, and a list of `features`. */
  rate: usize;
  ratio: usize;
  live: usize;
  threshold: f32;
  /** A code below this is taken for zero. */
  least: f32;
}

export function layoutBytes(): i32 {
  return i32(offsetof<Layout>());
}

/** Codes of all windows of the layout at `at`; with `learn`, the sums that a step of learning needs. */
export function inferSparse(at: usize): void {
  const layout = changetype<Layout>(at);
  const bytes = usize(layout.length) << 2;
  const codeBytes = usize(layout.features) << 2;
  for (let n = 0; n < layout.windows; n++) {
    const counts = layout.counts + usize(n) * bytes;
    const codes = layout.codes + usize(n) * codeBytes;
    const live = inferWindow(layout, counts, codes);
    if (layout.learn != 0) learnFrom(layout, counts, codes, live);
    store<f32>(layout.surprise + (usize(n) << 2), surpriseOf(layout, counts));
  }
}

function inferWindow(layout: Layout, counts: usize, codes: usize): i32 {
  const length = layout.length;
  const bytes = usize(length) << 2;
  let total: f32 = 0;
  for (let d = 0; d < length; d++) total += load<f32>(counts + (usize(d) << 2));
  const start = total / f32(layout.features);
  let live = layout.features;
  for (let k = 0; k < live; k++) {
    store<f32>(codes + (usize(k) << 2), start);
    store<i32>(layout.live + (usize(k) << 2), k);
  }
  if (total == 0) {
    for (let k = 0; k < live; k++) store<f32>(codes + (usize(k) << 2), 0);
    live = 0;
  }
  for (let round = 0; round < layout.rounds && live > 0; round++) {
    predict(layout, counts, codes, live);
    let ramp = f32(round + 1 - layout.rampFrom) / f32(max(1, layout.rampTo - layout.rampFrom));
    ramp = max<f32>(0, min<f32>(1, ramp));
    const threshold = layout.threshold * ramp;
    const fall: f32 = layout.threshold > 0 ? <f32>-1 / (<f32>4 * layout.threshold) : 0;
    let kept = 0;
    for (let i = 0; i < live; i++) {
      const k = load<i32>(layout.live + (usize(i) << 2));
      const place = codes + (usize(k) << 2);
      let a = load<f32>(place) * dot(layout.ratio, layout.dictionary + usize(k) * bytes, length);
      if (threshold > 0 && a < <f32>40 * threshold) a -= threshold * exponential(a * fall);
      if (a > layout.least) {
        store<f32>(place, a);
        store<i32>(layout.live + (usize(kept) << 2), k);
        kept++;
      } else store<f32>(place, 0);
    }
    live = kept;
  }
  predict(layout, counts, codes, live);
  return live;
}

/** The rate of a window and its counts over it. */
// @ts-ignore: decorator
@inline
function predict(layout: Layout, counts: usize, codes: usize, live: i32): void {
  const bytes = usize(layout.length) << 2;
  for (let block: usize = 0; block < bytes; block += 128) {
    const base = layout.background + block;
    let r0 = v128.load(base);
    let r1 = v128.load(base, 16);
    let r2 = v128.load(base, 32);
    let r3 = v128.load(base, 48);
    let r4 = v128.load(base, 64);
    let r5 = v128.load(base, 80);
    let r6 = v128.load(base, 96);
    let r7 = v128.load(base, 112);
    for (let i = 0; i < live; i++) {
      const k = usize(load<i32>(layout.live + (usize(i) << 2)));
      const a = f32x4.splat(load<f32>(codes + (k << 2)));
      const row = layout.dictionary + k * bytes + block;
      r0 = f32x4.add(r0, f32x4.mul(a, v128.load(row)));
      r1 = f32x4.add(r1, f32x4.mul(a, v128.load(row, 16)));
      r2 = f32x4.add(r2, f32x4.mul(a, v128.load(row, 32)));
      r3 = f32x4.add(r3, f32x4.mul(a, v128.load(row, 48)));
      r4 = f32x4.add(r4, f32x4.mul(a, v128.load(row, 64)));
      r5 = f32x4.add(r5, f32x4.mul(a, v128.load(row, 80)));
      r6 = f32x4.add(r6, f32x4.mul(a, v128.load(row, 96)));
      r7 = f32x4.add(r7, f32x4.mul(a, v128.load(row, 112)));
    }
    settle(layout, counts, block, r0);
    settle(layout, counts, block + 16, r1);
    settle(layout, counts, block + 32, r2);
    settle(layout, counts, block + 48, r3);
    settle(layout, counts, block + 64, r4);
    settle(layout, counts, block + 80, r5);
    settle(layout, counts, block + 96, r6);
    settle(layout, counts, block + 112, r7);
  }
}

// @ts-ignore: decorator
@inline
function settle(layout: Layout, counts: usize, at: usize, rate: v128): void {
  v128.store(layout.rate + at, rate);
  v128.store(layout.ratio + at, f32x4.div(v128.load(counts + at), f32x4.pmax(rate, f32x4.splat(1e-12))));
}

function learnFrom(layout: Layout, counts: usize, codes: usize, live: i32): void {
  const length = layout.length;
  const bytes = usize(length) << 2;
  for (let i = 0; i < live; i++) {
    const k = usize(load<i32>(layout.live + (usize(i) << 2)));
    const a = load<f32>(codes + (k << 2));
    addScaled(layout.gain + k * bytes, layout.ratio, a, length);
    const use = layout.use + (k << 2);
    store<f32>(use, load<f32>(use) + 1);
  }
  addScaled(layout.backgroundGain, layout.ratio, 1, length);
}

/** How badly the window is explained: the squared deviation over the rate, summed over electrodes. */
function surpriseOf(layout: Layout, counts: usize): f32 {
  let sum: f32 = 0;
  for (let d: usize = 0, end = usize(layout.length) << 2; d < end; d += 4) {
    const rate = load<f32>(layout.rate + d);
    const off = load<f32>(counts + d) - rate;
    sum += (off * off) / (rate + <f32>1);
  }
  return sum;
}
