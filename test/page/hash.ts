const FNV_BASIS = 0x811c9dc5;

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashBytes(bytes: Uint8Array, basis = FNV_BASIS): number {
  let word = basis;
  for (const byte of bytes) word = Math.imul(word ^ byte, 0x01000193);
  return word >>> 0;
}

export const hex = (word: number) => word.toString(16).padStart(8, "0");
