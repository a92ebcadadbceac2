/**
 * Attributes as the CL API stores them: text of fixed length in ASCII, int64, float64, and dictionaries as the text
 * of a pickle.
 */
import type { Group } from "h5wasm/node";
import { guarded } from "../hdf5.ts";
import { type Plain, type PlainDict, pickleDict, unpickle } from "./pickle.ts";

export type Attribute = Plain | PlainDict;

/** Whole numbers are stored as int64, others as float64. */
export function writeAttribute(entity: Group, name: string, value: string | number | PlainDict): void {
  guarded(`write attribute ${name}`, () => {
    if (typeof value === "number") {
      if (Number.isSafeInteger(value))
        entity.create_attribute(name, BigInt64Array.of(BigInt(value)), [], "<q");
      else entity.create_attribute(name, Float64Array.of(value), [], "<d");
      return;
    }
    const text = typeof value === "string" ? value.replace(/[^\x20-\x7e]/g, "?") : pickleDict(value);
    entity.create_attribute(name, text, [], `A${Math.max(1, text.length)}`);
  });
}

/** Every attribute of a group: text, numbers (int64 as number), dictionaries. */
export function readAttributes(entity: Group): Record<string, Attribute> {
  const found: Record<string, Attribute> = {};
  for (const name of Object.keys(guarded("list attributes", () => entity.attrs))) {
    const value = guarded(`read attribute ${name}`, () => entity.attrs[name].json_value);
    if (typeof value === "string") found[name] = isPickle(value) ? unpickle(value) : value;
    else if (typeof value === "number" || typeof value === "boolean") found[name] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item === "number")) found[name] = value;
  }
  return found;
}

/** A protocol 0 pickle of a dictionary or list. */
function isPickle(text: string): boolean {
  return /^\([dl]/.test(text) && text.endsWith(".");
}
