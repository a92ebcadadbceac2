/** What the membranes and synapses of a culture do in one time step: times as shares and decays of a step. */
import { type CultureParameters, FRAME_US } from "./parameters.ts";

export function stepConstants(p: CultureParameters) {
  const stepMs = stepMsOf(p);
  const decay = (ms: number) => Math.exp(-stepMs / ms);
  const kind = ({
    membraneMs,
    refractoryMs,
    adaptationMv,
    releaseFraction,
    recoveryMs,
  }: typeof p.excitatory) => ({
    leak: stepMs / membraneMs,
    noise: p.noiseMv * Math.sqrt((2 * stepMs) / membraneMs),
    refractory: Math.round(refractoryMs / stepMs),
    adaptationStep: adaptationMv,
    release: releaseFraction,
    recoveryRate: stepMs / recoveryMs,
    recovery: decay(recoveryMs),
  });
  return {
    threshold: p.thresholdMv,
    reset: p.resetMv,
    gabaReversal: p.gabaReversalMv,
    adaptationDecay: decay(p.adaptationMs),
    ampaDecay: decay(p.ampaMs),
    nmdaDecay: decay(p.nmdaMs),
    nmdaFraction: p.nmdaFraction,
    gabaDecay: decay(p.gabaMs),
    excitatory: kind(p.excitatory),
    inhibitory: kind(p.inhibitory),
  };
}

export const stepMsOf = ({ stepFrames }: Pick<CultureParameters, "stepFrames">): number =>
  (stepFrames * FRAME_US) / 1000;
