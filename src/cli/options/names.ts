/** Names given as text on the command line. */
import { wrongOption } from "../manners/errors.ts";

/** `text` as one of `names`; `flag` is named where it is none of them. Throws `UsageError`. */
export function nameOf<Name extends string>(text: string, flag: string, names: readonly Name[]): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) throw wrongOption(flag, `one of ${names.join(", ")}`, text);
  return name;
}
