/** A survey of what pulses evoke (device/protocols/survey.ts) on every culture of an experiment at once, wherever it is held. */
import { type Survey, SurveyCounts, surveyOrder } from "../device/protocols/survey.ts";
import { pulsesFor } from "../device/stimulation.ts";
import type { Cultures } from "./cultures.ts";

export interface CultureSurveyOptions {
  /** `[N]` of each culture. */
  readonly seeds: readonly number[];
  readonly repeats: number;
  /** From one pulse to the next. */
  readonly gapMs: number;
}

/** `[N]` surveys of the electrodes that have roles. Plasticity is off meanwhile. */
export async function surveyCultures(cultures: Cultures, options: CultureSurveyOptions): Promise<Survey[]> {
  const { seeds, repeats, gapMs } = options;
  const brains = cultures.layouts.map(({ roles, profile }, brain) => {
    const channels = [...roles.sensory, ...roles.prediction].sort((a, b) => a - b);
    return {
      profile,
      counts: new SurveyCounts(channels, profile.framesPerSecond),
      order: surveyOrder(channels, repeats, seeds[brain]),
    };
  });
  const steps = Math.max(...brains.map(({ order }) => order.length));
  for (let step = 0; step < steps; step++) {
    const pulses = brains.map(({ order, profile }) =>
      step < order.length ? pulsesFor([order[step]], 1, 0, profile) : [],
    );
    const answers = await cultures.respond(pulses, gapMs, 0);
    answers.forEach(({ sent, spikes }, brain) => {
      const { order, counts } = brains[brain];
      if (step < order.length) counts.add(order[step], sent.length > 0 ? spikes : null);
    });
  }
  return brains.map(({ counts }) => counts.finish(repeats));
}
