/**
 * What jax-js expects of its host and Node 20 lacks: `navigator`, and the iterator helper `map`. Both are no-ops
 * on Node 22 and in browsers. Must be imported before `@jax-js/jax`.
 */
import { availableParallelism } from "node:os";

if (!("navigator" in globalThis)) {
  const navigator = {
    userAgent: `Node.js/${process.versions.node}`,
    hardwareConcurrency: availableParallelism(),
  };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

interface IteratorPrototype {
  map?: (this: Iterable<unknown>, mapper: (value: unknown, index: number) => unknown) => Iterator<unknown>;
}

const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as IteratorPrototype;
if (!prototype.map) {
  const map = function* (this: Iterable<unknown>, mapper: (value: unknown, index: number) => unknown) {
    let index = 0;
    for (const value of this) yield mapper(value, index++);
  };
  Object.defineProperty(prototype, "map", { value: map, configurable: true, writable: true });
}
