/** `wetgrad culture compare` on a terminal: one row per culture, then the real range and what lies inside it. */
import { type Cell, columns, type Paint, PLAIN } from "../columns.ts";
import { fixed } from "../format.ts";
import {
  type Comparison,
  type CultureActivity,
  envelope,
  inside,
  STATISTICS,
  type StatisticInfo,
} from "./comparison.ts";
import { treatmentMedians } from "./treatments.ts";

export function comparisonTable({ simulated, real }: Comparison, paint: Paint = PLAIN): string {
  const heads = ["", "DIV", ...STATISTICS.map(({ short }) => short)].map(
    (text): Cell => ({ text, paint: paint.dim }),
  );
  const row = (culture: CultureActivity, mark: boolean): Cell[] => [
    mark ? { text: culture.label, paint: paint.bold } : { text: culture.label },
    { text: culture.divDays === null ? "–" : fixed(culture.divDays, 0) },
    ...STATISTICS.map((info): Cell => {
      const text = number(culture.statistics[info.key], info);
      const fits = mark ? inside(culture, real, info.key) : null;
      if (fits === null) return { text };
      return fits ? { text, paint: paint.green } : { text: `${text} outside`, paint: paint.yellow };
    }),
  ];
  const range = (label: string, divDays: number | null): Cell[] => [
    { text: label, paint: paint.dim },
    { text: "" },
    ...STATISTICS.map((info): Cell => {
      const found = envelope(real, info.key, divDays);
      return { text: found ? `${number(found.lo, info)}–${number(found.hi, info)}` : "–" };
    }),
  ];
  const rows = simulated.flatMap((culture) => {
    const found = envelope(real, "firingRateHz", culture.divDays);
    const label = found?.ofSameAge ? `  ${found.count} real of that age` : `  ${real.length} real of any age`;
    return [row(culture, true), ...(real.length > 0 ? [range(label, culture.divDays)] : [])];
  });
  const medians = treatmentMedians(real).map(({ treatment, cultures, statistics }): Cell[] => [
    { text: `  median of ${cultures}, ${treatment}`, paint: paint.dim },
    { text: "" },
    ...STATISTICS.map((info): Cell => ({ text: number(statistics[info.key], info) })),
  ]);
  const blank = heads.map((): Cell => ({ text: "" }));
  const units = STATISTICS.map(
    ({ short, label, unit }) =>
      `${short}: ${label.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())} (${unit})`,
  ).join("; ");
  return `${columns([heads, ...rows, ...(real.length > 0 ? [blank] : []), ...real.map((culture) => row(culture, false)), ...medians])}\n\n${paint.dim(units)}${real.length > 0 ? `\n${summary({ simulated, real })}` : ""}`;
}

/** One sentence: how many of the numbers lie inside the real range. */
export function summary({ simulated, real }: Comparison): string {
  const checks = simulated.flatMap((culture) => STATISTICS.map(({ key }) => inside(culture, real, key)));
  const judged = checks.filter((fits) => fits !== null);
  const fit = judged.filter((fits) => fits).length;
  if (judged.length === 0) return "Nothing to compare: the recordings hold none of these numbers.";
  if (fit === judged.length)
    return `All ${judged.length} numbers of the simulated cultures lie inside the range of the real ones, widened by 10 %.`;
  return `${fit} of ${judged.length} numbers of the simulated cultures lie inside the range of the real ones, widened by 10 %.`;
}

export function number(value: number, { digits }: StatisticInfo): string {
  return Number.isFinite(value) ? fixed(value, digits) : "–";
}
