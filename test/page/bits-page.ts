/** Makes `bitsOf` callable from a page, by tests. */
import { bitsOf } from "./bits.ts";

Object.assign(globalThis, { bitsOf });
