/** The ways to teach tissue, by name. A new one is one file and one entry here, or comes through `registerMethod`. */
import type { Method } from "./contract.ts";
import { describeMethod } from "./descriptions.ts";
import { direct } from "./direct/method.ts";
import { errorCorrecting } from "./error-correcting/method.ts";
import { forwardForward } from "./forward-forward.ts";
import { incremental } from "./incremental/method.ts";
import { learnedDescent } from "./learned-descent/method.ts";
import { reward } from "./reward.ts";
import { stimulate } from "./stimulate.ts";

const methods = new Map<string, Method>(
  [stimulate, direct, incremental, forwardForward, errorCorrecting, learnedDescent, reward].map((method) => [
    method.name,
    method,
  ]),
);

/** Adds a method of one's own. Throws `RangeError` where its name is taken. */
export function registerMethod(method: Method): void {
  describeMethod(method);
  methods.set(method.name, method);
}

function methodNames(): string[] {
  return [...methods.keys()];
}

/** Throws `RangeError` where there is none of this name. */
export function methodOf(name: string): Method {
  const method = methods.get(name);
  if (!method) throw new RangeError(`method: expected one of ${methodNames().join(", ")}, got ${name}`);
  return method;
}
