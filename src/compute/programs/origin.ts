/**
 * Where in a model function a primitive comes from: the function is traced once more, and the first time that jax-js meets
 * the primitive says who called. Only for errors.
 */
import type { Array as JaxArray } from "../jax.ts";
import { makeJaxpr } from "../jax.ts";
import { argumentTypes, type ModelFunction, withoutOwnership } from "./trace.ts";

/** This file in a line of a stack. */
const HERE = /compute[\\/]programs[\\/]origin\.[jt]s/;

interface Trace {
  processPrimitive(primitive: string, ...rest: unknown[]): unknown;
}

/** As `name (file:line:column)`; null where it is not found. */
export function originOf(fn: ModelFunction, examples: readonly unknown[], primitive: string): string | null {
  let stack: string | null = null;
  const watched = new Map<Trace, Trace["processPrimitive"]>();
  const watch = (value: unknown): void => {
    const tracer = value as { _trace?: object };
    if (!tracer?._trace) return;
    const prototype = Object.getPrototypeOf(tracer._trace) as Trace;
    if (watched.has(prototype)) return;
    const plain = prototype.processPrimitive;
    watched.set(prototype, plain);
    prototype.processPrimitive = function (met, ...rest) {
      if (met === primitive) stack ??= new Error().stack ?? null;
      return plain.call(this, met, ...rest);
    };
  };
  const seen = (...args: unknown[]): unknown => {
    visit(args, watch);
    return (fn as (...given: unknown[]) => unknown)(...args);
  };
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    withoutOwnership(() => makeJaxpr(seen as never)(...(argumentTypes(examples) as never)));
  } catch {
    // The trace served its purpose or did not.
  } finally {
    Error.stackTraceLimit = limit;
    for (const [prototype, plain] of watched) prototype.processPrimitive = plain;
  }
  return stack === null ? null : callerIn(stack);
}

function visit(tree: unknown, leaf: (value: JaxArray) => void): void {
  if (typeof tree !== "object" || tree === null) return;
  if ("aval" in tree) leaf(tree as JaxArray);
  else for (const child of Object.values(tree)) visit(child, leaf);
}

/** The innermost frame that is neither jax-js's nor of this file. */
function callerIn(stack: string): string | null {
  const frames = stack.split("\n").slice(1);
  const frame = frames.find((line) => !/@jax-js|node:internal/.test(line) && !HERE.test(line));
  return (
    frame
      ?.trim()
      .replace(/^at /, "")
      .replace(/file:\/\//, "") ?? null
  );
}
