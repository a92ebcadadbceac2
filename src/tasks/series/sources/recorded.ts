/** Series that were measured, shipped as numbers beside this file. */
import { fileURLToPath } from "node:url";
import { readSeries } from "./csv.ts";

/** The Santa Fe laser: 10,093 intensities; see santa-fe-laser.csv for their source. */
export async function readLaser(): Promise<Float64Array> {
  return (await readSeries(beside("santa-fe-laser.csv"))).values;
}

/** Yearly sunspot numbers 1700-2008; see sunspots.csv for their source. */
export async function readSunspots(): Promise<Float64Array> {
  return (await readSeries(beside("sunspots.csv"), { column: "sunspots" })).values;
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Two periods of the pulsation, in samples. */
const WINDOW = 16;

/**
 * Where the laser's pulsation collapses: the first value of a calm whose two periods stay below half the highest
 * of the two periods before, that one being above 110 of 255. There are 24 in the whole series.
 */
export function findCollapses(intensities: Float64Array): number[] {
  const peak = (from: number) => intensities.subarray(from, from + WINDOW).reduce((a, b) => Math.max(a, b));
  const collapses: number[] = [];
  for (let i = WINDOW; i + WINDOW <= intensities.length; i++) {
    const before = peak(i - WINDOW);
    if (before <= 110 || peak(i) >= before / 2) continue;
    collapses.push(i);
    i += WINDOW;
  }
  return collapses;
}
