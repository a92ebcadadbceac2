/** What is wrong with a value of an experiment, in words. */
import { z } from "zod";
import { kindOf } from "./kind.ts";

/** Names that are open in this experiment, of fields whose schema allows more. */
export type Offered = Readonly<Record<string, readonly string[]>>;

/** What a fault is about: the schema, the values that it was given, and the names that are open. */
export interface Checked {
  readonly schema: z.ZodObject;
  readonly given: Readonly<Record<string, unknown>>;
  readonly offered?: Offered;
}

/** `expected a whole number of at least 1, got "x"`; of a rule over several fields its own sentence. */
export function faultOf(issue: z.core.$ZodIssue, { schema, given, offered = {} }: Checked): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "unrecognized_keys") {
    const got = issue.keys.map((key) => [...issue.path, key].join("."));
    return `expected ${Object.keys(schema.shape).join(", ")}, got ${got.join(", ")}`;
  }
  const [name, ...inner] = issue.path;
  const field = schema.shape[String(name)];
  const expected = expectedOf(issue, field && kindOf(field).type, offered[String(name)]);
  return expected === null
    ? issue.message
    : `expected ${expected}, got ${shown(valueAt(given[String(name)], inner))}`;
}

/** The fault of a file's values, with the field that has it. */
export function faultAt(issue: z.core.$ZodIssue, checked: Checked): string {
  const fault = faultOf(issue, checked);
  return issue.code === "unrecognized_keys" ? fault : `${issue.path.join(".")}: ${fault}`;
}

/** null where there are no words for it. */
function expectedOf(
  issue: z.core.$ZodIssue,
  type: z.core.$ZodType | undefined,
  offered?: readonly string[],
): string | null {
  switch (issue.code) {
    case "too_small":
      if (issue.origin === "array") return "at least one name";
      return `a number ${issue.inclusive ? "of at least" : "above"} ${issue.minimum}`;
    case "too_big":
      return `a number ${issue.inclusive ? "of at most" : "below"} ${issue.maximum}`;
    case "invalid_value":
      return `${issue.path.length > 1 ? "names out of" : "one of"} ${(offered ?? issue.values).join(", ")}`;
    case "invalid_type":
      return typeWords(issue, type instanceof z.ZodArray ? type.element : type);
    default:
      return null;
  }
}

function typeWords(issue: z.core.$ZodIssueInvalidType, type: z.core.$ZodType | undefined): string {
  if (!(type instanceof z.ZodNumber)) return `a ${issue.expected}`;
  const noun = type.isInt ? "a whole number" : "a number";
  const least = type.minValue ?? Number.NEGATIVE_INFINITY;
  if (least <= Number.MIN_SAFE_INTEGER) return noun;
  return `${noun} ${type.safeParse(least).success ? "of at least" : "above"} ${least}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((part, key) => (part as Readonly<Record<PropertyKey, unknown>>)?.[key], value);
}

/** An emptied number field of a form is NaN, and null once it was sent. */
function shown(value: unknown): string {
  const isNothing = value === undefined || value === null || Number.isNaN(value);
  return isNothing ? "nothing" : JSON.stringify(String(value));
}
