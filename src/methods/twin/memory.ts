/** Lays a twin out in one WebAssembly memory: the kernel's layout block (kernel/layout.ts), then its arrays. */
import type { CultureParameters } from "../../culture/parameters.ts";
import { stepConstants } from "../../culture/step-constants.ts";
import { instantiateKernel } from "../../wasm/kernel.ts";

export interface TwinShape {
  readonly slots: number;
  readonly excitatorySlots: number;
  readonly synapses: number;
  /** Rows of the ring of spikes on their way. */
  readonly delays: number;
  /** Steps that can be remembered, and bins in which spikes have a worth. */
  readonly steps: number;
  readonly bins: number;
}

export interface TwinSettings {
  /** Spikes of this width instead of real ones, and no refractory time: the smoothed culture. */
  readonly graded: boolean;
  readonly widthMv: number;
  readonly detachReset: boolean;
  readonly stride: number;
}

interface TwinKernel {
  layoutBytes(): number;
  advance(layout: number, step: number, row: number, taped: number): number;
  backward(layout: number, from: number, to: number, startStep: number): void;
}

/** Below this lies the compiled kernel's own static data; the layout block comes first. */
const LAYOUT_AT = 1024;
/** Quantities of a step on the tape, and adjoints (kernel/layout.ts). */
const [TAPED, ADJOINTS] = [8, 8];

export type TwinMemory = ReturnType<typeof layOut>;

export function layOut(shape: TwinShape, settings: TwinSettings, parameters: CultureParameters) {
  const { slots, excitatorySlots, synapses, delays, steps, bins } = shape;
  // In the order of the kernel's layout.
  const words = {
    excitatory: 9,
    inhibitory: 9,
    random: 16,
    gaussian: slots,
    fired: slots,
    rowStart: slots + 1,
    place: synapses,
    weight: synapses,
    gradient: synapses,
    drive: slots,
    potential: slots,
    readyAt: slots,
    adaptation: slots,
    ampa: slots,
    nmda: slots,
    gaba: slots,
    open: slots,
    resource: slots,
    lastSpike: slots,
    recovered: slots,
    ringExcitatory: delays * slots,
    ringInhibitory: delays * slots,
    tape: steps * TAPED * slots,
    excitation: steps * slots,
    inhibition: steps * slots,
    adjoint: ADJOINTS * slots,
    worth: (bins + 1) * slots,
    binOf: steps,
  };
  type Name = keyof typeof words;
  const address = {} as Record<Name, number>;
  let end = LAYOUT_AT + 1024;
  for (const name of Object.keys(words) as Name[]) {
    address[name] = end;
    end += (4 * words[name] + 15) & ~15;
  }
  const { kernel, buffer } = instantiateKernel<TwinKernel>("methods/twin/twin.wasm", end);
  const floats = (name: Name) => new Float32Array(buffer, address[name], words[name]);
  const integers = (name: Name) => new Int32Array(buffer, address[name], words[name]);

  const c = stepConstants(parameters);
  const head = [
    ...[slots, excitatorySlots, 4 * delays * slots, settings.graded ? 1 : 0, settings.stride],
    ...(Object.keys(words) as Name[]).map((name) => address[name]),
  ];
  const tail = [
    ...[c.threshold, c.reset, c.gabaReversal, c.adaptationDecay, c.ampaDecay, c.nmdaDecay, c.nmdaFraction],
    ...[c.gabaDecay, settings.widthMv, settings.detachReset ? 0 : 1],
  ];
  if (4 * (head.length + tail.length) !== kernel.layoutBytes())
    throw new Error("internal: the twin's host and kernel disagree about the layout block");
  new Int32Array(buffer, LAYOUT_AT, head.length).set(head);
  new Float32Array(buffer, LAYOUT_AT + 4 * head.length, tail.length).set(tail);
  for (const kind of ["excitatory", "inhibitory"] as const) {
    const { refractory, leak, noise, adaptationStep, release, recoveryRate, recovery } = c[kind];
    const range = kind === "excitatory" ? [0, excitatorySlots] : [excitatorySlots, slots];
    integers(kind).set([refractory, ...range]);
    floats(kind).set([leak, noise, adaptationStep, release, recoveryRate, recovery], 3);
  }
  const randomWords = new Uint32Array(buffer, address.random, 16);
  return {
    advance: (step: number, row: number, taped: number) => kernel.advance(LAYOUT_AT, step, row, taped),
    backward: (from: number, to: number, startStep: number) =>
      kernel.backward(LAYOUT_AT, from, to, startStep),
    randomWords,
    fired: integers("fired"),
    rowStart: integers("rowStart"),
    place: integers("place"),
    weight: floats("weight"),
    gradient: floats("gradient"),
    drive: floats("drive"),
    potential: floats("potential"),
    readyAt: integers("readyAt"),
    adaptation: floats("adaptation"),
    ampa: floats("ampa"),
    nmda: floats("nmda"),
    gaba: floats("gaba"),
    open: floats("open"),
    resource: floats("resource"),
    lastSpike: integers("lastSpike"),
    recovered: floats("recovered"),
    worth: floats("worth"),
    binOf: integers("binOf"),
    ringExcitatory: floats("ringExcitatory"),
    ringInhibitory: floats("ringInhibitory"),
    recoveryRate: { excitatory: c.excitatory.recoveryRate, inhibitory: c.inhibitory.recoveryRate },
  };
}
