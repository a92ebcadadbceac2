/** The twin of `sha256.ts` in a page, whose own SHA-256 makes one wait and is not there without TLS. */
export { sha256 } from "@noble/hashes/sha2.js";
