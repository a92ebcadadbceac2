/** The kernel against a plain float64 step written from the equations, with one object per cell and per synapse. */
import { expect, it } from "vitest";
import { Random } from "../math/random.ts";
import type { Anatomy } from "./anatomy.ts";
import { Culture } from "./culture.ts";
import { type CultureParameters, type PlasticityParameters, quiet } from "./parameters.ts";

/** Driven above threshold, without noise; 5 ms normalisation, so that it acts within the test. */
const driven: CultureParameters = {
  ...quiet,
  driveMeanMv: 18,
  driveSpreadMv: 0,
  noiseMv: 0,
  nmdaFraction: 0.1,
  excitatory: { ...quiet.excitatory, adaptationMv: 0.7 },
  homeostasis: { ...quiet.homeostasis, intervalMs: 50, rate: { targetHz: 20, speed: 0.2, memoryMs: 500 } },
};

const learning = (plasticity: Partial<PlasticityParameters>, change: Partial<CultureParameters> = {}) => ({
  plasticity: { ...quiet.plasticity, ...plasticity },
  ...change,
});

const consolidation = { earlyMs: 700, captureMs: 300, proteinMs: 200, proteinHz: 25, restore: 0.05 };

const variants: [string, Partial<CultureParameters>][] = [
  ["pair rule", {}],
  ["triplet rule", { plasticity: { ...quiet.plasticity, triplet: { traceMs: 100, offset: 0.5 } } }],
  [
    "triplets of both kinds",
    learning({ triplet: { traceMs: 40, offset: 0.2, depression: { traceMs: 80, offset: 0.1 } } }),
  ],
  [
    "soft bounds",
    learning({ weightDependence: { kind: "power", potentiation: 1, depression: 1, reference: 0.25 } }),
  ],
  [
    "the root of the weight",
    learning({ weightDependence: { kind: "power", potentiation: 0, depression: 0.5, reference: 0.1 } }),
  ],
  [
    "logarithmic depression",
    learning({ weightDependence: { kind: "log", reference: 0.05, reach: 3, saturation: 5 } }),
  ],
  [
    "inhibitory plasticity",
    learning({ inhibitory: { rate: 0.01, targetHz: 10, traceMs: 20, maximumWeight: 0.3 } }),
  ],
  ["tagging and capture", learning({ consolidation })],
  [
    "slow homeostasis of input sums",
    { homeostasis: { ...driven.homeostasis, sumMs: 400 }, ...learning({ consolidation }) },
  ],
  [
    "scaling towards a rate, without sums",
    {
      homeostasis: { ...driven.homeostasis, normalise: false, scaling: { targetHz: 15, timeMs: 600 } },
      ...learning({ consolidation }),
    },
  ],
  ["no NMDA, short step", { nmdaFraction: 0, stepFrames: 5 }],
];

it.each(variants)(
  "fires the same spikes and learns the same weights as the reference: %s",
  (_name, change) => {
    const parameters = { ...driven, ...change };
    const anatomy = randomAnatomy(37, 11);
    const culture = new Culture(anatomy, parameters, 5);
    const reference = new Reference(anatomy, parameters, culture.potentials());
    const train = culture.advance(600);
    const expected = Array.from({ length: 600 }, () => reference.step());
    const got = expected.map((_, step) => [...train.neurons.filter((_, k) => train.steps[k] === step)]);
    expect(got).toEqual(expected);
    expect(train.neurons.length).toBeGreaterThan(200);
    const weights = culture.weights();
    expect(weights).not.toEqual(anatomy.synapses.weight);
    const late = culture.lateWeights();
    reference.synapses.forEach((synapse, k) => {
      expect(weights[k]).toBeCloseTo(synapse.weight, 5);
      if (parameters.plasticity.consolidation) expect(late[k]).toBeCloseTo(synapse.late, 5);
    });
  },
);

function randomAnatomy(excitatory: number, inhibitory: number): Anatomy {
  const random = Random.of(1, "reference");
  const N = excitatory + inhibitory;
  const pairs = Array.from({ length: N * N }, (_, k) => [Math.floor(k / N), k % N] as const).filter(
    ([i, j]) => i !== j && random.uniform() < 0.4,
  );
  return {
    positionsMm: new Float32Array(2 * N),
    excitatoryCount: excitatory,
    synapses: {
      pre: Uint16Array.from(pairs, ([i]) => i),
      post: Uint16Array.from(pairs, ([, j]) => j),
      delayMs: Float32Array.from(pairs, () => 0.3 + 7 * random.uniform()),
      weight: Float32Array.from(pairs, ([i]) => (i < excitatory ? 0.06 : 0.1) * (0.5 + random.uniform())),
    },
  };
}

class Reference {
  readonly cells;
  readonly synapses;
  private readonly inputSums: number[];
  private now = 0;
  private readonly dt: number;

  constructor(
    private readonly anatomy: Anatomy,
    private readonly p: CultureParameters,
    potentials: Float32Array,
  ) {
    this.dt = p.stepFrames * 0.04;
    const E = anatomy.excitatoryCount;
    this.cells = [...potentials].map((v, i) => ({
      v,
      gA: 0,
      gN: 0,
      gI: 0,
      block: 0,
      a: 0,
      readyAt: 0,
      x: 1,
      last: 0,
      pre: 0,
      post: 0,
      slow: 0,
      slowPre: 0,
      near: 0,
      protein: 0,
      fired: false,
      kind: i < E ? p.excitatory : p.inhibitory,
      count: 0,
      rate: p.homeostasis.rate!.targetHz,
    }));
    const { pre, post, delayMs, weight } = anatomy.synapses;
    this.synapses = Array.from(pre, (i, k) => ({
      pre: i,
      post: post[k],
      weight: weight[k],
      late: weight[k],
      plastic: i < E && post[k] < E,
      delay: Math.max(1, Math.round(delayMs[k] / this.dt)),
      arrivals: [] as [number, number][],
    }));
    this.inputSums = this.cells.map((_, j) => this.inputsOf(j).reduce((sum, s) => sum + s.weight, 0));
  }

  private inputsOf(j: number) {
    return this.synapses.filter((s) => s.plastic && s.post === j);
  }

  step(): number[] {
    const { p, dt, cells, synapses, now } = this;
    const fade = (ms: number) => Math.exp(-dt / ms);
    for (const c of cells) {
      c.gA *= fade(p.ampaMs);
      c.gN *= fade(p.nmdaMs);
      c.gI *= fade(p.gabaMs);
      c.a *= fade(p.adaptationMs);
      c.pre *= fade(p.plasticity.preTraceMs);
      c.post *= fade(p.plasticity.postTraceMs);
      c.slow *= fade(p.plasticity.triplet?.traceMs ?? 100);
      c.slowPre *= fade(p.plasticity.triplet?.depression?.traceMs ?? 100);
      c.near *= fade(p.plasticity.inhibitory?.traceMs ?? 20);
    }
    for (const s of synapses)
      for (const [at, amount] of s.arrivals)
        if (at === now) {
          const target = cells[s.post];
          if (s.pre >= this.anatomy.excitatoryCount) target.gI += amount;
          else {
            target.gA += amount;
            target.gN += p.nmdaFraction * amount;
          }
        }
    for (const c of cells) {
      if (now % 4 === 0) c.block = 1 / (1 + 0.28 * Math.exp(-0.062 * c.v));
      const current = (c.gA + c.gN * c.block) * (0 - c.v) + c.gI * (p.gabaReversalMv - c.v);
      c.v += (dt / c.kind.membraneMs) * (p.restMv - c.v + p.driveMeanMv + current - c.a);
      if (now < c.readyAt) c.v = p.resetMv;
      c.fired = c.v >= p.thresholdMv;
      if (!c.fired) continue;
      c.v = p.resetMv;
      c.readyAt = now + 1 + Math.round(c.kind.refractoryMs / dt);
      c.a += c.kind.adaptationMv;
      c.x = 1 - (1 - c.x) * Math.exp((-(now - c.last) * dt) / c.kind.recoveryMs);
      c.last = now;
      c.count++;
    }
    for (const s of synapses)
      if (cells[s.pre].fired) s.arrivals.push([now + s.delay, s.weight * cells[s.pre].x]);
    for (const c of cells) if (c.fired) c.x *= 1 - c.kind.releaseFraction;
    this.learn();
    this.now++;
    if (this.now % Math.round(p.homeostasis.intervalMs / dt) === 0) this.normalise();
    return cells.flatMap((c, i) => (c.fired ? [i] : []));
  }

  private learn(): void {
    const { plasticity: q } = this.p;
    const clip = (w: number) => Math.min(q.maximumWeight, Math.max(0, w));
    const plastic = this.synapses.filter((s) => s.plastic);
    for (const s of plastic) {
      const pre = this.cells[s.pre];
      const gain = q.triplet?.depression ? pre.slowPre + q.triplet.depression.offset : 1;
      const change = q.depression * q.maximumWeight * this.cells[s.post].post * this.depressionAt(s.weight);
      if (pre.fired) s.weight = clip(s.weight - gain * change);
    }
    for (const s of plastic) {
      const post = this.cells[s.post];
      if (!post.fired) continue;
      const gain = q.triplet === null ? 1 : post.slow + q.triplet.offset;
      const up = this.cells[s.pre].pre * this.potentiationAt(s.weight);
      const down = q.heterosynaptic * this.depressionAt(s.weight);
      s.weight = clip(s.weight + gain * q.potentiation * q.maximumWeight * (up - down));
      if (q.consolidation) s.weight += (1 - post.protein) * q.consolidation.restore * (s.late - s.weight);
    }
    if (q.inhibitory) this.learnInhibition(q.inhibitory);
    for (const c of this.cells)
      if (c.fired) {
        c.pre++;
        c.post++;
        c.slow++;
        c.slowPre++;
        c.near++;
      }
  }

  private potentiationAt(w: number): number {
    const { weightDependence: rule, maximumWeight } = this.p.plasticity;
    if (!rule) return 1;
    if (rule.kind === "power") return (1 - w / maximumWeight) ** rule.potentiation;
    return Math.exp(-w / rule.reference / rule.reach);
  }

  private depressionAt(w: number): number {
    const { weightDependence: rule } = this.p.plasticity;
    if (!rule) return 1;
    if (rule.kind === "power") return (w / rule.reference) ** rule.depression;
    const { reference: J, saturation: a } = rule;
    return w < J ? w / J : 1 + Math.log1p(a * (w / J - 1)) / a;
  }

  private learnInhibition(q: NonNullable<PlasticityParameters["inhibitory"]>): void {
    const E = this.anatomy.excitatoryCount;
    const clip = (w: number) => Math.min(q.maximumWeight, Math.max(0, w));
    const plastic = this.synapses.filter((s) => s.pre >= E && s.post < E);
    const target = 2 * (q.targetHz / 1000) * q.traceMs;
    for (const s of plastic)
      if (this.cells[s.pre].fired) s.weight = clip(s.weight + q.rate * (this.cells[s.post].near - target));
    for (const s of plastic)
      if (this.cells[s.post].fired) s.weight = clip(s.weight + q.rate * this.cells[s.pre].near);
  }

  private normalise(): void {
    const { intervalMs, normalise, rate, sumMs, scaling } = this.p.homeostasis;
    const share = (ms: number) => 1 - Math.exp(-intervalMs / ms);
    const tagging = this.p.plasticity.consolidation;
    this.cells.slice(0, this.anatomy.excitatoryCount).forEach((c, j) => {
      c.rate += (1 - Math.exp(-intervalMs / rate!.memoryMs)) * (c.count / (intervalMs / 1000) - c.rate);
      c.count = 0;
      if (tagging) {
        c.protein += share(tagging.proteinMs) * ((c.rate > tagging.proteinHz ? 1 : 0) - c.protein);
        for (const s of this.inputsOf(j)) {
          s.late += share(tagging.captureMs) * c.protein * (s.weight - s.late);
          s.weight -= (1 - c.protein) * share(tagging.earlyMs) * (s.weight - s.late);
        }
      }
      if (scaling)
        for (const s of this.inputsOf(j)) {
          const scale = 1 + share(scaling.timeMs) * (1 - c.rate / scaling.targetHz);
          s.weight = Math.min(this.p.plasticity.maximumWeight, s.weight * scale);
          s.late *= scale;
        }
      if (!normalise) return;
      const change = 1 + rate!.speed * (1 - c.rate / rate!.targetHz);
      this.inputSums[j] *= Math.min(1.1, Math.max(0.9, change));
      const inputs = this.inputsOf(j);
      const sum = inputs.reduce((total, s) => total + s.weight, 0);
      const scale = 1 + (sumMs === undefined ? 1 : share(sumMs)) * (this.inputSums[j] / sum - 1);
      for (const s of inputs) {
        s.weight = Math.min(this.p.plasticity.maximumWeight, s.weight * scale);
        s.late *= scale;
      }
    });
  }
}
