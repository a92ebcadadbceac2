/** What the command line and the form say of a field of an experiment, kept beside its schema. */
import { z } from "zod";

export interface FieldTexts {
  /** One line, which both show. */
  readonly help: string;
  /** What the form calls it; the field's name in words if not given. */
  readonly label?: string;
  /** The option without its dashes; the field's name if not given. */
  readonly flag?: string;
  /** What stands for its value in the command's help: `<n>`; by the field's type if not given. */
  readonly value?: string;
  /** What holds where no value is given and the schema has no default of its own. */
  readonly otherwise?: string;
}

/** The texts of fields. A field is registered as it stands in its object, wrapped in its default and all. */
export const fieldTexts = z.registry<FieldTexts>();

/** The texts of a field. Throws `TypeError` where it has none. */
export function textsOf(name: string, field: z.core.$ZodType): FieldTexts {
  const texts = fieldTexts.get(field);
  if (!texts) throw new TypeError(`field ${name}: expected texts, registered with fieldTexts; got none`);
  return texts;
}

/** `firstSeed` as `First seed`. */
export function labelOf(name: string, { label }: FieldTexts): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return label ?? words[0].toUpperCase() + words.slice(1);
}
