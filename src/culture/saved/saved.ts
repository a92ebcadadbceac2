/**
 * A grown culture as one safetensors file: `positions_mm [N, 2]`, of a ball also `heights_mm [N]`, and of each synapse `pre`, `post`, `delay_ms` and `weight`; the
 * constants of its cells, its age and whatever is known of it in the metadata. It is there whole or not at all.
 */
import { readFileSync } from "node:fs";
import { decodeRawTensors, encodeTensorHeader, type RawTensor } from "../../files/raw-safetensors.ts";
import { writeWhole } from "../../files/whole.ts";
import { type Anatomy, checkAnatomy } from "../anatomy.ts";
import type { GrownCulture } from "../growth/grow.ts";
import { type CultureParameters, checkParameters } from "../parameters.ts";

const FORMAT = "wetgrad culture 1";

/** What a file says of its culture, for people and programs: seed, preset, scaffold. */
export type Facts = Readonly<Record<string, string>>;

/** A file that is no grown culture, or damaged. */
export class CultureFileError extends Error {
  override readonly name = "CultureFileError";
}

export function saveCulture(
  path: string,
  { div, anatomy, parameters }: GrownCulture,
  facts: Facts = {},
): void {
  const { positionsMm, heightsMm, excitatoryCount, synapses } = anatomy;
  const column = (data: RawTensor["data"]): RawTensor => ({ shape: [data.length], data });
  // The widest elements first, so that every array lies aligned in the file and is read without a copy.
  const tensors: Record<string, RawTensor> = {
    positions_mm: { shape: [positionsMm.length / 2, 2], data: positionsMm },
    ...(heightsMm && { heights_mm: column(heightsMm) }),
    delay_ms: column(synapses.delayMs),
    weight: column(synapses.weight),
    pre: column(synapses.pre),
    post: column(synapses.post),
  };
  const { header, parts } = encodeTensorHeader(tensors, {
    format: FORMAT,
    div: `${div}`,
    excitatoryCount: `${excitatoryCount}`,
    parameters: JSON.stringify(parameters),
    facts: JSON.stringify(facts),
  });
  writeWhole(path, header, ...parts);
}

/** Throws `CultureFileError` where the file is none of ours, or damaged. */
export function loadCulture(path: string): GrownCulture & { readonly facts: Facts } {
  const fail = (reason: string): never => {
    throw new CultureFileError(`${path}: ${reason}`);
  };
  const { tensors, metadata } = decoded(readFileSync(path), fail);
  if (metadata["format"] !== FORMAT)
    fail(`expected a culture that \`wetgrad culture grow --out\` wrote (format "${FORMAT}")`);
  const column = <T extends RawTensor["data"]>(name: string, ...kinds: (new () => T)[]): T => {
    const data = tensors.get(name)?.data;
    if (!kinds.some((kind) => data instanceof kind))
      fail(`expected the array ${name}, it is missing or of another type`);
    return data as T;
  };
  const anatomy: Anatomy = {
    positionsMm: column("positions_mm", Float32Array),
    ...(tensors.has("heights_mm") && { heightsMm: column("heights_mm", Float32Array) }),
    excitatoryCount: Number(metadata["excitatoryCount"]),
    synapses: {
      pre: column<Uint16Array | Uint32Array>("pre", Uint16Array, Uint32Array),
      post: column<Uint16Array | Uint32Array>("post", Uint16Array, Uint32Array),
      delayMs: column("delay_ms", Float32Array),
      weight: column("weight", Float32Array),
    },
  };
  try {
    const parameters = JSON.parse(metadata["parameters"] ?? "") as CultureParameters;
    checkParameters(parameters);
    checkAnatomy(anatomy);
    const div = Number(metadata["div"]);
    if (!Number.isFinite(div)) throw new RangeError(`expected a day in vitro, got ${metadata["div"]}`);
    return {
      div,
      anatomy,
      parameters,
      facts: JSON.parse(metadata["facts"] ?? "{}") as Facts,
    };
  } catch (error) {
    return fail(`damaged: ${(error as Error).message}`);
  }
}

function decoded(bytes: Uint8Array, fail: (reason: string) => never) {
  try {
    return decodeRawTensors(bytes);
  } catch (error) {
    return fail((error as Error).message);
  }
}
