/** Which electrode each cell of a simulated culture lies nearest to. */
import type { Culture } from "../culture/culture.ts";
import type { Electrode } from "../device/contract.ts";

/** Channel of the nearest electrode, by neuron. */
export function nearestElectrodes(culture: Culture, electrodes: readonly Electrode[]): Uint16Array {
  const { positionsMm } = culture.anatomy;
  return Uint16Array.from({ length: culture.neurons }, (_, neuron) => {
    const [x, y] = [1000 * positionsMm[2 * neuron], 1000 * positionsMm[2 * neuron + 1]];
    const distance = ({ xUm, yUm }: Electrode) => Math.hypot(x - xUm, y - yUm);
    return electrodes.reduce((best, electrode) => (distance(electrode) < distance(best) ? electrode : best))
      .channel;
  });
}
