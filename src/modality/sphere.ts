/**
 * The potential of a radial current dipole on a head of three concentric spheres (brain, skull, scalp), the scalp as
 * conductive as the brain. The Legendre series of Salu et al. 1990, "An improved method for localizing electric brain
 * dipoles", https://doi.org/10.1109/10.55680, equation 2 (after Ary et al. 1981, https://doi.org/10.1109/TBME.1981.324817).
 */

export interface Head {
  /** Outer radii of brain, skull and scalp. */
  readonly radiiMm: readonly [number, number, number];
  /** Of brain and scalp, in siemens per metre. */
  readonly conductivity: number;
  /** Conductivity of the skull as a share of the brain's. */
  readonly skullShare: number;
}

/** Radii of Rush and Driscoll 1969; skull 1/25 of the brain's 0.33 S/m (Lai et al. 2005, https://doi.org/10.1016/j.clinph.2004.08.017). */
export const defaultHead: Head = { radiiMm: [80, 85, 92], conductivity: 0.33, skullShare: 1 / 25 };

/** Where terms have fallen below a millionth for a source 2 mm under the brain's surface. */
const TERMS = 120;

/** c_n, what the shells do to term n: `(2n + 1)/n` in a homogeneous sphere. */
export function shellFactor({ radiiMm: [r1, r2, r3], skullShare: xi }: Head, n: number): number {
  const [f1, f2] = [r1 / r3, r2 / r3];
  const power = 2 * n + 1;
  const d =
    ((n + 1) * xi + n) * ((n * xi) / (n + 1) + 1) +
    (1 - xi) * ((n + 1) * xi + n) * (f1 ** power - f2 ** power) -
    n * (1 - xi) ** 2 * (f1 / f2) ** power;
  return (xi * power ** 3) / (n * (n + 1) * d);
}

/**
 * The potential (uV) on the scalp at angle `cosine` from a radial dipole of 1 nA m at `radiusMm` from the centre.
 */
export function radialDipoleUv(head: Head, radiusMm: number, cosine: number): number {
  const radius = head.radiiMm[2];
  const f = radiusMm / radius;
  let sum = 0;
  let [before, legendre] = [1, cosine];
  let power = 1;
  for (let n = 1; n <= TERMS; n++) {
    sum += shellFactor(head, n) * n * power * legendre;
    [before, legendre] = [legendre, ((2 * n + 1) * cosine * legendre - n * before) / (n + 1)];
    power *= f;
  }
  // nA m / (S/m * mm^2) = 1e-9 / 1e-6 V
  return (1e-9 / (4 * Math.PI * head.conductivity * (radius * 1e-3) ** 2)) * sum * 1e6;
}
