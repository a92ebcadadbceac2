/** Recordings that leave nothing to train on or to score: one line with what was expected, what was found, what to do. */
export class ForecastScoreError extends Error {
  override readonly name = "ForecastScoreError";
}
