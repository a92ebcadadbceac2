/**
 * Global heaps of an HDF5 file, checked before the library sees them: it walks a collection object by object and,
 * where damage has made an object of no size, never stops. "HDF5 File Format Specification 3.0", III.E,
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html#GlobalHeap
 */
import { closeSync, openSync, readSync } from "node:fs";
import { RecordingError } from "../contract.ts";

/** `GCOL`, version 1, three reserved bytes. */
const SIGNATURE = Buffer.from("GCOL\x01\0\0\0", "latin1");
const HEADER = 16;
const OBJECT_HEADER = 16;
const BLOCK = 1 << 22;
/** Files are looked through up to here: what lies behind in larger ones is samples. */
const MAX_BYTES = 2 ** 30;
/** Collections hold text and references; a larger one is damage or no collection. */
const MAX_COLLECTION = 1 << 26;

/** Throws one line where a global heap of the file would not end. */
export function checkGlobalHeaps(path: string): void {
  const file = openSync(path, "r");
  try {
    const block = Buffer.allocUnsafe(BLOCK);
    for (let from = 0; from < MAX_BYTES; from += BLOCK - SIGNATURE.length) {
      const length = readSync(file, block, 0, BLOCK, from);
      const bytes = block.subarray(0, length);
      for (let at = bytes.indexOf(SIGNATURE); at !== -1; at = bytes.indexOf(SIGNATURE, at + 1))
        checkCollection(file, from + at, path);
      if (length < BLOCK) return;
    }
  } finally {
    closeSync(file);
  }
}

function checkCollection(file: number, at: number, path: string): void {
  const fail = (what: string): never => {
    throw new RecordingError(`${path}: ${what} in the global heap at byte ${at}; the file is damaged`);
  };
  const header = Buffer.alloc(HEADER);
  if (readSync(file, header, 0, HEADER, at) < HEADER) fail("expected its size");
  const size = Number(header.readBigUInt64LE(8));
  if (size < HEADER || size > MAX_COLLECTION) fail(`expected a size below ${MAX_COLLECTION}, got ${size}`);
  const collection = Buffer.alloc(size);
  if (readSync(file, collection, 0, size, at) < size) fail(`expected ${size} bytes`);
  for (let place = HEADER; place + OBJECT_HEADER <= size; ) {
    const index = collection.readUInt16LE(place);
    const bytes = Number(collection.readBigUInt64LE(place + 8));
    // Object 0 is the free space, whose size counts its own header.
    const step = index === 0 ? bytes : OBJECT_HEADER + Math.ceil(bytes / 8) * 8;
    if (step < OBJECT_HEADER || place + step > size) fail(`an object of ${bytes} bytes`);
    place += step;
  }
}
