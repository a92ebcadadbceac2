/** From a row of symbols to a coded task: each symbol owns its own sensory places, and is its own class. */

import { TaskError } from "../error.ts";
import type { CodedSeries, CodeOptions } from "./contract.ts";

export interface SymbolsToCode {
  readonly name: string;
  readonly seed: number;
  readonly classCount: number;
  /** trainCount + testCount + 1 symbols in 0..K-1. */
  readonly symbols: Uint8Array;
}

export function codeSymbols(row: SymbolsToCode, options: CodeOptions): CodedSeries {
  const { name, seed, classCount, symbols } = row;
  const { trainCount, testCount, sensoryCount } = options;
  const T = trainCount + testCount;
  if (trainCount < 1 || testCount < 1)
    throw new TaskError(
      `${name}: expected at least one training and one test step, got ${trainCount} and ${testCount}`,
    );
  const activeCount = Math.min(options.activeCount, Math.floor(sensoryCount / classCount));
  if (activeCount < 1)
    throw new TaskError(
      `${name}: ${classCount} symbols need as many sensory electrodes, got ${sensoryCount}`,
    );
  const encode = (history: ArrayLike<number>) =>
    Uint16Array.from({ length: activeCount }, (_, i) => history[0] * activeCount + i);
  const contexts = new Uint16Array(T * activeCount);
  for (let t = 0; t < T; t++) contexts.set(encode([symbols[t]]), t * activeCount);
  return {
    name,
    kind: "symbols",
    seed,
    classCount,
    delays: [0],
    lags: 1,
    sensoryCount,
    activeCount,
    train: { start: 0, end: trainCount },
    test: { start: trainCount, end: T },
    contexts,
    history: Float64Array.from(symbols.subarray(0, T)),
    nextValues: Float64Array.from(symbols.subarray(1, T + 1)),
    labels: symbols.slice(1, T + 1),
    currentLabels: symbols.slice(0, T),
    classEdges: new Float64Array(0),
    classMeans: Float64Array.from({ length: classCount }, (_, k) => k),
    encode,
    notes: [],
  };
}
