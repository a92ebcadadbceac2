/** How the weights of a culture's excitatory synapses are distributed: whether as a log-normal, as they are in cortex. */

export interface WeightDistribution {
  /** Share of synapses below a hundredth of the maximum weight; the rest is described by the logarithms of their weights. */
  readonly silentShare: number;
  readonly logMean: number;
  readonly logDeviation: number;
  /** 0 for a log-normal. */
  readonly logSkewness: number;
}

const SILENT = 0.01;

export function distributionOf(weights: ArrayLike<number>, maximumWeight: number): WeightDistribution {
  const logs: number[] = [];
  for (let k = 0; k < weights.length; k++)
    if (weights[k] > SILENT * maximumWeight) logs.push(Math.log(weights[k]));
  const moment = (of: (log: number) => number) => logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const logMean = moment((log) => log);
  const logDeviation = Math.sqrt(moment((log) => (log - logMean) ** 2));
  return {
    silentShare: 1 - logs.length / weights.length,
    logMean,
    logDeviation,
    logSkewness: moment((log) => ((log - logMean) / logDeviation) ** 3),
  };
}
