/** Numbers given as text on the command line. */
import { wrongOption } from "../manners/errors.ts";

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** `text` as a number in bounds; `flag` is named where it is not. */
export function numberOf(text: string, flag: string, { min, max, whole = false }: Bounds): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= min && value <= max) || (whole && !Number.isInteger(value)))
    throw wrongOption(flag, `a ${whole ? "whole " : ""}number from ${min} to ${max}`, text);
  return value;
}

/** Numbers with commas between. */
export function numbersOf(text: string, flag: string, bounds: Bounds): number[] {
  return text.split(",").map((part) => numberOf(part, flag, bounds));
}
