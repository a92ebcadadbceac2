/** From a stretch of real values to a coded task: delay space, classes and place code, fitted on its training part. */
import { Random } from "../../math/random.ts";
import { TaskError } from "../error.ts";
import { classEdges, classMeans, classOf } from "./classes.ts";
import type { CodedSeries, CodeOptions } from "./contract.ts";
import { PlaceCode } from "./place-code.ts";

export interface SeriesToCode {
  readonly name: string;
  readonly seed: number;
  readonly classCount: number;
  /** Which past values a context holds, in steps before x_t, the first being 0. */
  readonly delays: readonly number[];
  /** At least span + trainCount + testCount values, the span being the longest delay + 1; the first are used. */
  readonly values: Float64Array;
  readonly notes: readonly string[];
}

export function codeSeries(series: SeriesToCode, options: CodeOptions): CodedSeries {
  const { name, seed, classCount, delays } = series;
  const lags = delays.length;
  const span = Math.max(...delays) + 1;
  const { trainCount, testCount, sensoryCount, activeCount } = options;
  const T = trainCount + testCount;
  const values = series.values.subarray(0, span + T);
  if (values.length < span + T)
    throw new TaskError(`${name}: expected ${span + T} values for ${T} steps, got ${values.length}`);
  if (trainCount < sensoryCount)
    throw new TaskError(`${name}: ${sensoryCount} places need as many training steps, got ${trainCount}`);
  if (activeCount > sensoryCount)
    throw new TaskError(`${name}: cannot pulse ${activeCount} of ${sensoryCount} places`);

  const history = new Float64Array(T * lags);
  for (let t = 0; t < T; t++)
    for (let lag = 0; lag < lags; lag++) history[t * lags + lag] = values[t + span - 1 - delays[lag]];
  const training = values.subarray(0, span + trainCount);
  const edges = classEdges(training, classCount);
  const code = PlaceCode.fit(
    training,
    history.subarray(0, trainCount * lags),
    { lags, count: sensoryCount },
    Random.of(seed, "places"),
  );
  const contexts = new Uint16Array(T * activeCount);
  for (let t = 0; t < T; t++)
    contexts.set(code.encode(history.subarray(t * lags, (t + 1) * lags), activeCount), t * activeCount);
  const classes = Uint8Array.from(values, (value) => classOf(edges, value));
  const nextValues = values.slice(span);
  const labels = classes.slice(span);
  const notes = [...series.notes, ...drift(name, classCount, labels.subarray(trainCount))];
  if (nextValues.subarray(trainCount).every((value) => value === nextValues[trainCount]))
    throw new TaskError(
      `${name}: every test value is ${nextValues[trainCount]}, there is nothing to score; choose another series`,
    );
  return {
    name,
    kind: "series",
    seed,
    classCount,
    delays,
    lags,
    sensoryCount,
    activeCount,
    train: { start: 0, end: trainCount },
    test: { start: trainCount, end: T },
    contexts,
    history,
    nextValues,
    labels,
    currentLabels: classes.slice(span - 1, -1),
    classEdges: edges,
    classMeans: classMeans(training, edges),
    encode: (past) => code.encode(past, activeCount),
    notes,
  };
}

/** A note when the test steps keep to fewer than half of the classes: what a trend does. */
function drift(name: string, classCount: number, testLabels: Uint8Array): string[] {
  const seen = new Set(testLabels).size;
  if (seen >= classCount / 2) return [];
  return [
    `${name}: only ${seen} of ${classCount} classes occur in the test steps; a trend is best taken out first`,
  ];
}
