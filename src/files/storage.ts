/** Storage that gives out: the disk is full, a file may not grow, the disk does not take what is written. */

/** What was done before is kept, and the same command continues once there is room. */
export class StorageError extends Error {
  override readonly name = "StorageError";
}

const CODES: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be larger than a file may be here (ulimit -f)",
  EIO: "the disk does not take what is written (input/output error)",
};

/** In the words of libraries that keep no code: SQLite, and HDF5 with those of the C library. */
const WORDS: readonly (readonly [RegExp, keyof typeof CODES])[] = [
  [/no space left on device|disk is full/i, "ENOSPC"],
  [/quota exceeded/i, "EDQUOT"],
  [/file too large/i, "EFBIG"],
  [/disk i\/o error|\bi\/o error|input\/output error/i, "EIO"],
];

/** The error as one of storage that gives out, at `path`; the error as it is where it is another. */
export function storageFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const known =
    code !== undefined && code in CODES ? code : WORDS.find(([words]) => words.test(error.message))?.[1];
  if (known === undefined) return error;
  return new StorageError(
    `${path}: ${CODES[known]}; what was done is kept: make room, then the same command continues`,
    {
      cause: error,
    },
  );
}

/** Does what writes to `path`. Throws `StorageError` where storage gives out. */
export function storing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageFault(error, path);
  }
}
