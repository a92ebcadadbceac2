/** Recordings that leave nothing to train on or to score: one line saying what was expected, what came, what to do. */
export class ForecastScoreError extends Error {
  override readonly name = "ForecastScoreError";
}
