/**
 * What jax-js expects of its host and Node 20 lacks: `navigator`, and the iterator helpers. A no-op on Node 22 and in
 * browsers. Must be imported before `@jax-js/jax`.
 */

if (!("navigator" in globalThis)) {
  const navigator = {
    userAgent: `Node.js/${process.versions.node}`,
    hardwareConcurrency: process.getBuiltinModule("node:os").availableParallelism(),
  };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

type Call = (value: unknown, index: number) => unknown;
type Self = Iterable<unknown>;

const helpers = {
  *map(this: Self, call: Call) {
    let index = 0;
    for (const value of this) yield call(value, index++);
  },
  *filter(this: Self, keep: Call) {
    let index = 0;
    for (const value of this) if (keep(value, index++)) yield value;
  },
  *flatMap(this: Self, call: Call) {
    let index = 0;
    for (const value of this) yield* call(value, index++) as Self;
  },
  toArray(this: Self) {
    return [...this];
  },
  some(this: Self, test: Call) {
    return [...this].some(test);
  },
  every(this: Self, test: Call) {
    return [...this].every(test);
  },
};

const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
for (const [name, value] of Object.entries(helpers))
  if (!(name in iteratorPrototype))
    Object.defineProperty(iteratorPrototype, name, { value, configurable: true, writable: true });
