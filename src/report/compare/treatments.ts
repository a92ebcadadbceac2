/** The middle of the wells of each treatment. */
import { median } from "../../math/statistics.ts";
import { type ActivityNumbers, type CultureActivity, STATISTICS } from "./comparison.ts";

export interface TreatmentMedian {
  readonly treatment: string;
  readonly cultures: number;
  readonly statistics: ActivityNumbers;
}

/** Empty where no culture says what it was given. */
export function treatmentMedians(cultures: readonly CultureActivity[]): TreatmentMedian[] {
  const groups = new Map<string, CultureActivity[]>();
  for (const culture of cultures)
    if (culture.treatment !== undefined)
      groups.set(culture.treatment, [...(groups.get(culture.treatment) ?? []), culture]);
  return [...groups].map(([treatment, members]) => ({
    treatment,
    cultures: members.length,
    statistics: Object.fromEntries(
      STATISTICS.map(({ key }) => {
        const known = members.map(({ statistics }) => statistics[key]).filter(Number.isFinite);
        return [key, known.length > 0 ? median(known) : Number.NaN];
      }),
    ) as unknown as ActivityNumbers,
  }));
}
