/** Numbers as a reader wants them: a true minus sign, the digits that mean something, no exponent noise. */
import type { Interval } from "../math/interval.ts";

const MINUS = "\u2212";

/** `value` with `digits` decimals, and a real minus sign. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  if (/^-[0.]*$/.test(text)) return text.slice(1);
  return text.replace("-", MINUS);
}

/** A share as per cent, without the sign: 0.8123 is 81.2. */
export function percent(share: number, digits = 1): string {
  return fixed(100 * share, digits);
}

/** A p value: `0.012`, `< 0.001`. */
export function pValue(p: number): string {
  return p < 0.001 ? "< 0.001" : fixed(p, 3);
}

/** Three significant digits: 0.0123, 1.23, 12.3, 1230. */
export function significant(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return fixed(value, Math.min(decimals, 6));
}

/** `mean [lo, hi]` by a formatter of single numbers; one seed has no interval. */
export function withInterval(
  value: Pick<Interval, "mean" | "ci95" | "perSeed">,
  show: (x: number) => string,
): string {
  if (value.perSeed.length < 2) return show(value.mean);
  return `${show(value.mean)} [${show(value.ci95[0])}, ${show(value.ci95[1])}]`;
}

/** Wall time for people: 48 s, 7 min 12 s, 3 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
