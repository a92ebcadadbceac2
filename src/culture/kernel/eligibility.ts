/**
 * Three-factor plasticity: a pair of spikes marks its synapse, the mark fades, and a reward that comes in time turns
 * what is left of it into weight. Izhikevich 2007, https://doi.org/10.1093/cercor/bhl152; Fremaux & Gerstner 2016,
 * https://doi.org/10.3389/fncir.2015.00085 :  de/dt = -e / tau + (what STDP would do),   dw = reward e.
 *
 * All marks fade together, so they are kept as e times e^(age / tau), age counted from `State.eligibleSince`: fading
 * costs nothing, and a mark made now is made larger by that factor. `settle` takes the factor out again.
 */
import { exponential } from "./exponential";
import { Layout, State } from "./layout";

/** By how much a mark made now is made larger. */
export function freshness(layout: Layout): f32 {
  const state = changetype<State>(layout.state);
  return exponential(f32(state.step - state.eligibleSince) * layout.eligibilityRate);
}

/** Presynaptic spike: e -= rate * postTrace, for entries [from, to) of its row. */
export function markDown<Slot>(layout: Layout, from: i32, to: i32, rate: f32): void {
  const postTrace = layout.postTrace;
  const eligibility = layout.eligibility;
  let slot = layout.post + usize(from) * sizeof<Slot>();
  const end = eligibility + (usize(to) << 2);
  for (let at = eligibility + (usize(from) << 2); at < end; at += 4) {
    store<f32>(at, load<f32>(at) - rate * load<f32>(postTrace + (usize(load<Slot>(slot)) << 2)));
    slot += sizeof<Slot>();
  }
}

/** Postsynaptic spike: e += rate * (preTrace - heterosynaptic), for entries [from, to) of its column. */
export function markUp<Slot>(layout: Layout, from: i32, to: i32, rate: f32): void {
  const preTrace = layout.preTrace;
  const eligibility = layout.eligibility;
  const synapse = layout.columnSynapse;
  const offset = layout.heterosynaptic;
  let slot = layout.columnPre + usize(from) * sizeof<Slot>();
  const end = synapse + (usize(to) << 2);
  for (let at = synapse + (usize(from) << 2); at < end; at += 4) {
    const address = eligibility + (load<usize>(at) << 2);
    store<f32>(address, load<f32>(address) + rate * (load<f32>(preTrace + (usize(load<Slot>(slot)) << 2)) - offset));
    slot += sizeof<Slot>();
  }
}

/** Marks as they are now, their age counted anew: those of the layout's own synapses. */
export function settle(layout: Layout): void {
  const state = changetype<State>(layout.state);
  const factor = exponential(-f32(state.step - state.eligibleSince) * layout.eligibilityRate);
  const end = layout.eligibility + (usize(layout.synapseTo) << 2);
  for (let at = layout.eligibility + (usize(layout.synapseFrom) << 2); at < end; at += 4) {
    const e = load<f32>(at) * factor;
    store<f32>(at, abs(e) > 1e-20 ? e : 0);
  }
  state.eligibleSince = state.step;
}

/** w += amount * e, within [0, maximum], for all synapses; those that do not learn have no mark. */
export function reward(layoutAddress: usize, amount: f32): void {
  const layout = changetype<Layout>(layoutAddress);
  settle(layout);
  let weight = layout.weight;
  const end = layout.eligibility + (usize(layout.synapseTo) << 2);
  for (let at = layout.eligibility; at < end; at += 4) {
    const e = load<f32>(at);
    if (e != 0) {
      const w = load<f32>(weight) + amount * e;
      const above = w > 0 ? w : 0;
      store<f32>(weight, above < layout.maximumWeight ? above : layout.maximumWeight);
    }
    weight += 4;
  }
}
