/** What a field of a schema is, below its default and its leave to be absent. */
import { z } from "zod";
import { openNamesOf } from "./names.ts";

export interface FieldKind {
  readonly type: z.core.$ZodType;
  /** The default; undefined if there is none. */
  readonly standard: unknown;
  readonly required: boolean;
}

export function kindOf(field: z.core.$ZodType): FieldKind {
  if (field instanceof z.ZodDefault)
    return { type: kindOf(field.def.innerType).type, standard: field.def.defaultValue, required: false };
  if (field instanceof z.ZodOptional)
    return { type: kindOf(field.def.innerType).type, standard: undefined, required: false };
  return { type: field, standard: undefined, required: true };
}

/** The names that a field, or each item of its list, may have; undefined if it is no matter of names. */
export function choicesOf(type: z.core.$ZodType): readonly string[] | undefined {
  if (type instanceof z.ZodArray) return choicesOf(type.element);
  return type instanceof z.ZodEnum ? type.options.map(String) : openNamesOf(type);
}
