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

/**
 * Where the laser's pulsation collapses: the peaks (local maxima) that fall below 0.4 of the peak before them,
 * that one being above 110 of 255. There are 17 in the whole series.
 */
export function findCollapses(intensities: ArrayLike<number>): number[] {
  const collapses: number[] = [];
  let last = 0;
  for (let i = 1; i + 1 < intensities.length; i++) {
    const value = intensities[i];
    if (value < intensities[i - 1] || value <= intensities[i + 1]) continue;
    if (last > 110 && value < 0.4 * last) collapses.push(i);
    last = value;
  }
  return collapses;
}
