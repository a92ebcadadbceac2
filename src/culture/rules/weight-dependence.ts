/**
 * How a step of plasticity depends on the weight that it changes: factors of potentiation, f+(w), and of depression, f-(w).
 *
 * `power`: f+ = (1 - w / maximum)^a, f- = (w / reference)^b. Gütig, Aharonov, Rotter & Sompolinsky 2003
 * (https://doi.org/10.1523/JNEUROSCI.23-09-03697.2003) with a = b = mu and the
 * maximum as reference; a = 0, b = 1 is van Rossum, Bi & Turrigiano 2000
 * (https://doi.org/10.1523/JNEUROSCI.20-23-08812.2000), and a = b = 0 steps that are always the same.
 *
 * `log`: f+ = e^(-w / (J beta)), f- = w / J up to J and 1 + log(1 + alpha (w / J - 1)) / alpha above, J the reference weight.
 * Gilson & Fukai 2011, https://doi.org/10.1371/journal.pone.0025339, equations 1 to 3.
 */
export type WeightDependence =
  | {
      readonly kind: "power";
      readonly potentiation: number;
      readonly depression: number;
      /** Weight at which depression is as where it does not depend on the weight. */
      readonly reference: number;
    }
  | {
      readonly kind: "log";
      /** J: above it, depression no longer grows in step with the weight. */
      readonly reference: number;
      /** beta: potentiation falls by e over so many reference weights. */
      readonly reach: number;
      /** alpha: how strongly depression saturates above J. */
      readonly saturation: number;
    };

export interface WeightFactors {
  readonly potentiation: number;
  readonly depression: number;
}

/** The factors at a weight from 0 to `maximum`. */
export function weightFactors(rule: WeightDependence, weight: number, maximum: number): WeightFactors {
  if (rule.kind === "power")
    return {
      potentiation: (1 - weight / maximum) ** rule.potentiation,
      depression: (weight / rule.reference) ** rule.depression,
    };
  const { reference, reach, saturation } = rule;
  const relative = weight / reference;
  return {
    potentiation: Math.exp(-relative / reach),
    depression: relative <= 1 ? relative : 1 + Math.log(1 + saturation * (relative - 1)) / saturation,
  };
}

/** Equal steps of weight in the kernel's table (kernel/weight-dependence.ts). */
export const TABLE_INTERVALS = 1024;
/** Words of the table: a pair for each end of an interval, and one to read beyond the last. */
export const TABLE_WORDS = 2 * (TABLE_INTERVALS + 2);

/** The kernel's table, `[TABLE_INTERVALS + 2][f+, f-]`. */
export function weightTable(rule: WeightDependence, maximum: number): Float32Array {
  const table = new Float32Array(TABLE_WORDS);
  for (let k = 0; k < TABLE_INTERVALS + 2; k++) {
    const { potentiation, depression } = weightFactors(
      rule,
      (Math.min(k, TABLE_INTERVALS) / TABLE_INTERVALS) * maximum,
      maximum,
    );
    table.set([potentiation, depression], 2 * k);
  }
  return table;
}
