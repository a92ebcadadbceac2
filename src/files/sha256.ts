/** SHA-256 of bytes, at once (`#sha256`; FIPS 180-4). */
import { createHash } from "node:crypto";

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
