/** Makes `descentBitsOf` callable from a page, by tests, once what it needs of WebAssembly is there. */
import { descentBitsOf } from "./descent-bits.ts";

Object.assign(globalThis, { descentBitsOf });
