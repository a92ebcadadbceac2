/**
 * The one place (with unfused.ts) that loads jax-js (https://github.com/ekzhang/jax-js): model code imports `np`, `nn`, `lax`,
 * `grad`, ... from here.
 *
 * How to write a model function: as in JAX, pure, on trees of arrays; it is traced once and never run eagerly.
 * While it is traced every array may be used as often as you like: jax-js's ownership rule (each call consumes
 * its arguments, `.ref` to use one again) is lifted (see trace.ts), and a `.ref` left in does no harm. Parameter
 * trees are `type`s, not `interface`s. There is no scan or while: unroll. A surrogate gradient is
 * `s.add(lax.stopGradient(hard.sub(s)))`, a gradient of your own `withTangent`. Take activations, softmax, normalisation
 * and attention from functions.ts: they reach fused kernels. Random numbers come in as inputs (noise.ts).
 */
import "./polyfill.ts";
import { defaultDevice, init } from "@jax-js/jax";
import { keepUnfused } from "./unfused.ts";

await init("cpu", "wasm");
defaultDevice("wasm");
keepUnfused();

export {
  Array,
  DType,
  grad,
  jit,
  jvp,
  lax,
  linearize,
  makeJaxpr,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
  vjp,
  vmap,
} from "@jax-js/jax";
