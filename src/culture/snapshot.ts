/**
 * A culture's state as bytes: magic, format version, fingerprint of anatomy and parameters, checksum, then the
 * kernel's state as it lies in memory (little-endian, as all WebAssembly memory).
 */
import type { Anatomy } from "./anatomy.ts";
import type { CultureParameters } from "./parameters.ts";

const MAGIC = "wetgrad-culture";
const VERSION = 1;
const HEADER_BYTES = 64;

/** Sixteen hexadecimal digits that change with any change of anatomy or parameters. */
export function fingerprint(anatomy: Anatomy, parameters: CultureParameters): string {
  const { pre, post, delayMs, weight } = anatomy.synapses;
  const arrays = [
    anatomy.positionsMm,
    pre,
    post,
    delayMs,
    weight,
    ...(anatomy.heightsMm ? [anatomy.heightsMm] : []),
  ];
  const text = new TextEncoder().encode(JSON.stringify([anatomy.excitatoryCount, parameters]));
  // Two hashes in one pass: a large culture has hundreds of megabytes.
  let [first, second] = [0x811c9dc5, 0x01234567];
  for (const { buffer, byteOffset, byteLength } of [...arrays, text]) {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    for (let i = 0; i < bytes.length; i++) {
      first = Math.imul(first ^ bytes[i], FNV_PRIME);
      second = Math.imul(second ^ bytes[i], FNV_PRIME);
    }
  }
  return [first, second].map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}

const FNV_PRIME = 0x01000193;

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(bytes: Uint8Array, basis: number): number {
  let hash = basis;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], FNV_PRIME);
  return hash >>> 0;
}

export function packSnapshot(fingerprint: string, state: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + state.length);
  const text = new TextEncoder();
  text.encodeInto(`${MAGIC} ${VERSION} ${fingerprint} `, bytes);
  bytes.set(state, HEADER_BYTES);
  new DataView(bytes.buffer).setUint32(HEADER_BYTES - 4, fnv1a(state, 0x811c9dc5), true);
  return bytes;
}

/** The state in a snapshot; throws one line when it is not of this version, culture and whole. */
export function unpackSnapshot(bytes: Uint8Array, fingerprint: string, stateBytes: number): Uint8Array {
  const [magic, version, print] = new TextDecoder().decode(bytes.subarray(0, HEADER_BYTES - 4)).split(" ");
  if (magic !== MAGIC) throw new Error("Culture.restore: these bytes are not a culture snapshot");
  if (version !== String(VERSION))
    throw new Error(`Culture.restore: snapshot has format version ${version}, this wetgrad reads ${VERSION}`);
  if (print !== fingerprint)
    throw new Error(
      `Culture.restore: snapshot belongs to a culture of another anatomy or parameters (${print}, this one is ${fingerprint})`,
    );
  const state = bytes.subarray(HEADER_BYTES);
  const sum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEADER_BYTES - 4, true);
  if (state.length !== stateBytes || fnv1a(state, 0x811c9dc5) !== sum)
    throw new Error("Culture.restore: snapshot is cut short or damaged");
  return state;
}
