/** The write to a datum by gradient descent through the model of learning. Legend: D different data, E electrodes, P places. */
import { softplus } from "../logistic.ts";
import type { Filter } from "./filter.ts";
import type { Past } from "./loss.ts";

/** What is written to electrodes, by their index. */
export interface ChosenWrite {
  readonly electrodes: readonly number[];
  /** Index of the delay of each, and of the dose. */
  readonly delays: readonly number[];
  readonly dose: number;
}

export interface Choice {
  readonly filter: Filter;
  readonly past: Past;
  readonly places: readonly number[];
  readonly plasticity: number;
  /** Electrodes that may be written at once. */
  readonly size: number;
}

/** The write to a datum that lowers the expected loss most, by its gradient; its dose by evaluating the loss. Null: none lowers it. */
export function chooseWrite(choice: Choice): ChosenWrite | null {
  const { filter, past, places, plasticity, size } = choice;
  const { electrodes: E, places: P, belief, numbers } = filter;
  const A = (e: number, p: number) => belief.A[(e * P + p) * numbers.width];
  const effects = filter.effects();
  /** How far a write moves a weight. */
  const change = (e: number, p: number, delay: number, dose: number) => {
    const { add, keep } = effects[delay][dose];
    return Math.max(-filter.weight(e, p), plasticity * ((keep - 1) * filter.weight(e, p) + add * A(e, p)));
  };
  const data = past.touching(places);
  const { rates, slopes } = past.answers(data, filter);
  const before = past.loss(data, rates, slopes);
  const shared = data.map((datum) => places.filter((p) => datum.places.includes(p)));
  const full = effects[0].length - 1;
  /** How far a full write lowers the loss, to first order. */
  const gain = (e: number, delay: number) => {
    let lowered = 0;
    for (const p of places) {
      let slope = 0;
      shared.forEach((own, d) => {
        if (own.includes(p)) slope += slopes[d][e];
      });
      lowered -= slope * change(e, p, delay, full);
    }
    return lowered;
  };
  const best = Array.from({ length: E }, (_, e) =>
    effects.map((_, delay) => ({ delay, gain: gain(e, delay) })).reduce((a, b) => (b.gain > a.gain ? b : a)),
  );
  const electrodes = [...best.keys()]
    .filter((e) => best[e].gain > 0)
    .sort((a, b) => best[b].gain - best[a].gain)
    .slice(0, size);
  if (electrodes.length === 0) return null;
  const delays = electrodes.map((e) => best[e].delay);
  const bias = numbers.valueOf(filter.bias);
  let lowest = before - 1e-9;
  let found: ChosenWrite | null = null;
  for (let dose = 0; dose <= full; dose++) {
    const after = rates.map((row) => row.slice());
    electrodes.forEach((e, i) => {
      const changes = new Map(places.map((p) => [p, change(e, p, delays[i], dose)]));
      data.forEach(({ places: own }, d) => {
        let u = bias;
        for (const p of own) u += filter.weight(e, p) + (changes.get(p) ?? 0);
        after[d][e] = softplus(u);
      });
    });
    const loss = past.loss(data, after);
    if (loss < lowest) [lowest, found] = [loss, { electrodes, delays, dose }];
  }
  return found;
}
