/**
 * The variables of a MATLAB level 5 MAT-file. A compressed variable (zlib) is inflated once, through a temporary file,
 * so that its arrays can be read in windows like all others.
 */
import { createReadStream, createWriteStream, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflate } from "node:zlib";
import { RecordingError } from "../../contract.ts";
import { temporaryFolder } from "../../temporary.ts";
import { ByteFile } from "../bytes.ts";
import { type Element, elementAt, type MatBytes, TYPE } from "./element.ts";
import { type MatValue, matrixOf } from "./value.ts";

const HEADER = 128;

export interface MatFile {
  readonly variables: ReadonlyMap<string, MatValue>;
  close(): void;
}

export function isMat5(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 10)).toString("latin1") === "MATLAB 5.0";
}

/** Closes `file` with the result, or when it throws. */
export async function openMat5(file: ByteFile): Promise<MatFile> {
  const inflated: ByteFile[] = [];
  const close = () => {
    file.close();
    for (const part of inflated.splice(0)) {
      part.close();
      rmdirSync(dirname(part.path));
    }
  };
  try {
    const littleEndian = byteOrder(file);
    const variables = new Map<string, MatValue>();
    const add = (bytes: MatBytes, element: Element) => {
      if (element.type !== TYPE.matrix) return; // what this reader does not know it leaves out
      const { name, value } = matrixOf(bytes, element);
      variables.set(name, value);
    };
    for (let at = HEADER; at < file.length; ) {
      const bytes = { file, littleEndian };
      const element = elementAt(bytes, at, file.length);
      if (element.type === TYPE.compressed) {
        const part = await inflate(file, element);
        inflated.push(part);
        add({ file: part, littleEndian }, elementAt({ file: part, littleEndian }, 0, part.length));
      } else add(bytes, element);
      at = element.next;
    }
    return { variables, close };
  } catch (error) {
    close();
    throw error;
  }
}

function byteOrder(file: ByteFile): boolean {
  const mark = file.length < HEADER ? "" : file.read(126, 2).toString("latin1");
  if (mark !== "IM" && mark !== "MI")
    throw new RecordingError(
      `${file.path}: expected the byte order of a MATLAB 5 file, got "${mark}"; the file is damaged`,
    );
  return mark === "IM";
}

async function inflate(file: ByteFile, { at, bytes }: Element): Promise<ByteFile> {
  const folder = temporaryFolder("mat");
  const path = join(folder, "inflated");
  try {
    if (bytes === 0) throw new Error("it is empty");
    await pipeline(
      createReadStream(file.path, { start: at, end: at + bytes - 1 }),
      createInflate(),
      createWriteStream(path),
    );
    return new ByteFile(path, true);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new RecordingError(
      `${file.path}: a compressed variable cannot be inflated (${(error as Error).message})`,
      {
        cause: error,
      },
    );
  }
}
