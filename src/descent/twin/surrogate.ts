/**
 * What stands for a spike's derivative: a triangle over the distance of the potential from the threshold, zero
 * beyond `widthMv` (Esser et al. 2016, https://doi.org/10.1073/pnas.1604850113; Neftci, Mostafa & Zenke 2019,
 * "Surrogate gradient learning in spiking neural networks", https://doi.org/10.1109/MSP.2019.2931595). Its integral
 * is the graded spike of a smoothed culture, of which the surrogate gradient is the exact one.
 */

/** max(0, 1 - |u| / width) / width. */
export function triangle(u: number, widthMv: number): number {
  const x = (u < 0 ? -u : u) / widthMv;
  return x < 1 ? (1 - x) / widthMv : 0;
}

/** The integral of `triangle`: 0 below -width, 1 above width. */
export function gradedSpike(u: number, widthMv: number): number {
  const x = u / widthMv;
  if (x <= -1) return 0;
  if (x >= 1) return 1;
  return x < 0 ? 0.5 * (1 + x) * (1 + x) : 1 - 0.5 * (1 - x) * (1 - x);
}
