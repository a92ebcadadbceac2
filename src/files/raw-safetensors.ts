/**
 * The container of safetensors (https://github.com/huggingface/safetensors#format): eight bytes of header length, a JSON header,
 * then the tensors' bytes without gaps. Any of its types, as typed arrays.
 */

export type RawData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export interface RawTensor {
  readonly shape: readonly number[];
  readonly data: RawData;
}

export interface TypedTensor extends RawTensor {
  readonly dtype: string;
}

const VIEWS = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;
type Dtype = keyof typeof VIEWS;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The header with its length, and the bytes of the tensors in the order given; `dtypes` where the array does not say it. */
export function encodeTensorHeader(
  tensors: Readonly<Record<string, RawTensor>>,
  metadata: Readonly<Record<string, string>>,
  dtypes: Readonly<Record<string, string>> = {},
): { header: Uint8Array; parts: Uint8Array[] } {
  const entries: Record<string, HeaderEntry | Readonly<Record<string, string>>> = {};
  if (Object.keys(metadata).length > 0) entries["__metadata__"] = metadata;
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const end = offset + data.byteLength;
    entries[name] = { dtype: dtypes[name] ?? dtypeOf(data), shape: [...shape], data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  const parts = Object.values(tensors).map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return { header, parts };
}

function dtypeOf(data: RawData): Dtype {
  return (Object.keys(VIEWS) as Dtype[]).find((dtype) => VIEWS[dtype] === data.constructor)!;
}

/** Names in the order of the header. Arrays are views of `bytes` where these are aligned to their elements. */
export function decodeRawTensors(bytes: Uint8Array): {
  tensors: Map<string, TypedTensor>;
  metadata: Record<string, string>;
} {
  const fail = (reason: string): never => {
    throw new Error(`safetensors: ${reason}; is this a safetensors file?`);
  };
  if (bytes.length < 8) fail(`expected at least 8 bytes, got ${bytes.length}`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (8 + headerLength > bytes.length)
    fail(`the header says ${headerLength} bytes, the file has ${bytes.length}`);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);
  const { __metadata__: metadata = {}, ...entries } = header;
  const body = bytes.subarray(8 + headerLength);
  const sorted = Object.entries(entries as Record<string, HeaderEntry>).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let covered = 0;
  const tensors = new Map<string, TypedTensor>(
    Object.keys(entries).map((name) => [name, undefined as never]),
  );
  for (const [name, { dtype, shape, data_offsets }] of sorted) {
    const [start, end] = data_offsets;
    if (!Object.hasOwn(VIEWS, dtype))
      throw new Error(`safetensors: ${name} has type ${dtype}; known are ${Object.keys(VIEWS).join(", ")}`);
    const View = VIEWS[dtype as Dtype];
    const size = shape.reduce((product, side) => product * side, View.BYTES_PER_ELEMENT);
    if (start !== covered || end - start !== size)
      fail(
        `${name} ${dtype} [${shape}] lies at bytes ${start}..${end}, expected ${size} bytes from ${covered}`,
      );
    if (end > body.length) fail(`${name} ends at byte ${end} of ${body.length}: the file is cut short`);
    const own = body.subarray(start, end);
    const isAligned = own.byteOffset % View.BYTES_PER_ELEMENT === 0;
    const { buffer, byteOffset } = isAligned ? own : new Uint8Array(own);
    const data = new View(buffer as ArrayBuffer, byteOffset, size / View.BYTES_PER_ELEMENT);
    tensors.set(name, { dtype, shape, data });
    covered = end;
  }
  if (covered !== body.length) fail(`${body.length - covered} bytes follow the last tensor`);
  return { tensors, metadata: metadata as unknown as Record<string, string> };
}

function parseHeader(bytes: Uint8Array, fail: (reason: string) => never): Record<string, HeaderEntry> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    fail("the header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    fail("the header is not an object");
  for (const [name, entry] of Object.entries(header as Record<string, Partial<HeaderEntry> | null>)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = entry ?? {};
    const naturals = (list: unknown): boolean =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (typeof dtype !== "string" || !naturals(shape) || !naturals(offsets) || offsets?.length !== 2)
      fail(`the header entry of ${name} lacks dtype, shape or data_offsets`);
  }
  return header as Record<string, HeaderEntry>;
}
