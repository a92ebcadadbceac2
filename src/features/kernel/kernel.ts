/**
 * The features' loops over float32, four at a time. Rows have a length that is a multiple of 16 elements, the rest zeros, so that no
 * loop has a remainder. Addresses are in bytes, lengths in elements.
 */
export { inferSparse, layoutBytes } from "./inference";
export { affine, products } from "./products";
