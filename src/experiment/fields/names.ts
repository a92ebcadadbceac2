/** Fields whose names are open: those of this package, and those that files of one's own have added by the time of the check. */
import { z } from "zod";

const choices = z.registry<{ readonly names: () => readonly string[] }>();

/** One of the names that there are when it is checked; its fault is that of an enum. */
export function openName(names: () => readonly string[]) {
  return z
    .string()
    .check(({ value, issues }) => {
      const values = [...names()];
      if (!values.includes(value)) issues.push({ code: "invalid_value", values, input: value });
    })
    .register(choices, { names });
}

/** The names that are open; undefined for a field of another kind. */
export function openNamesOf(type: z.core.$ZodType): readonly string[] | undefined {
  return choices.get(type)?.names();
}
