/**
 * A dictionary in the folder that SAELens reads and writes (MIT, https://github.com/jbloomAus/SAELens): `cfg.json` of a JumpReLU
 * autoencoder and `sae_weights.safetensors` with W_enc `[d_in, d_sae]`, W_dec `[d_sae, d_in]`, b_enc, b_dec, threshold. What only
 * wetgrad knows (how codes are inferred, what becomes of counts before) lies in a third file, `wetgrad.safetensors`.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "../../compute/contract.ts";
import { decodeSafetensors, encodeSafetensors } from "../../compute/tensors/safetensors.ts";
import { tensor } from "../../compute/tensors/tensor.ts";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { type Dictionary, type LinearWeights, METHODS, type Method, type Weights } from "../contract.ts";
import { dictionaryOf } from "../dictionary.ts";
import { FeatureError } from "../error.ts";
import { linearised } from "./linear-encoder.ts";

const OWN = "wetgrad.safetensors";
const WEIGHTS = "sae_weights.safetensors";

/** Writes `dictionary` to `folder`. `rows [N, D]`, windows of the data, give one whose codes are inferred a linear encoder. */
export function saveDictionary(folder: string, dictionary: Dictionary, rows: Float32Array): void {
  const { method, features: K, width: D, weights } = dictionary;
  const linear = linearised(dictionary, rows);
  makeFolder(folder);
  const cfg = {
    architecture: "jumprelu",
    d_in: D,
    d_sae: K,
    dtype: "float32",
    device: "cpu",
    apply_b_dec_to_input: false,
    normalize_activations: "none",
    reshape_activations: "none",
    metadata: {
      model_name: "wetgrad",
      hook_name: linear.transform === "root" ? "2 sqrt(counts + 3/8) - 2 sqrt(3/8)" : "counts",
    },
  };
  writeWhole(join(folder, "cfg.json"), `${JSON.stringify(cfg, null, 2)}\n`);
  writeWhole(
    join(folder, WEIGHTS),
    encodeSafetensors({
      W_enc: tensor([D, K], transposed(linear.encoder, K, D)),
      W_dec: tensor([K, D], linear.decoder),
      b_enc: tensor([K], linear.encoderBias),
      b_dec: tensor([D], linear.decoderBias),
      threshold: tensor([K], linear.thresholds),
    }),
  );
  const { own, settings } = ownPart(weights);
  writeWhole(
    join(folder, OWN),
    encodeSafetensors(own, { method, width: String(D), settings: JSON.stringify(settings) }),
  );
}

function ownPart(weights: Weights) {
  if (weights.kind === "linear") {
    const { transform, activation } = weights;
    return { own: {}, settings: { kind: "linear", transform, activation } };
  }
  const { dictionary, background, threshold, rounds } = weights;
  const K = dictionary.length / background.length;
  return {
    own: {
      dictionary: tensor([K, background.length], dictionary),
      background: tensor([background.length], background),
    },
    settings: { kind: "poisson", threshold, rounds },
  };
}

/** Reads what `saveDictionary` wrote, or a JumpReLU folder of SAELens, whose windows are taken as they are. Throws `FeatureError`. */
export function loadDictionary(folder: string): Dictionary {
  for (const name of ["cfg.json", WEIGHTS])
    if (!existsSync(join(folder, name)))
      throw new FeatureError(
        `${folder}: expected ${name} of a dictionary (SAELens's layout), got none: name a folder that \`wetgrad features fit\` wrote`,
      );
  const linear = linearPart(folder);
  const D = linear.decoderBias.length;
  if (!existsSync(join(folder, OWN)))
    return dictionaryOf("jumprelu", { ...linear, transform: "none", activation: "jump" }, D);
  const { tensors, metadata } = read(join(folder, OWN));
  const settings = JSON.parse(metadata["settings"] ?? "{}") as Record<string, unknown>;
  const method = metadata["method"] as Method;
  if (!METHODS.includes(method))
    throw new FeatureError(`${folder}/${OWN}: expected a method of ${METHODS.join(", ")}, got ${method}`);
  if (settings["kind"] !== "poisson")
    return dictionaryOf(method, { ...linear, ...settings } as LinearWeights, D);
  return dictionaryOf(
    method,
    {
      kind: "poisson",
      dictionary: dataOf(tensors, "dictionary", folder),
      background: dataOf(tensors, "background", folder),
      threshold: Number(settings["threshold"]),
      rounds: Number(settings["rounds"]),
    },
    D,
  );
}

function linearPart(folder: string): Omit<LinearWeights, "transform" | "activation"> {
  const { tensors } = read(join(folder, WEIGHTS));
  const [encoder, decoder] = ["W_enc", "W_dec"].map((name) => dataOf(tensors, name, folder));
  const [encoderBias, decoderBias] = ["b_enc", "b_dec"].map((name) => dataOf(tensors, name, folder));
  const [K, D] = [encoderBias.length, decoderBias.length];
  if (encoder.length !== K * D || decoder.length !== K * D)
    throw new FeatureError(
      `${folder}/${WEIGHTS}: expected W_enc [${D}, ${K}] and W_dec [${K}, ${D}], got ${encoder.length} and ${decoder.length} numbers`,
    );
  const thresholds = "threshold" in tensors ? dataOf(tensors, "threshold", folder) : new Float32Array(K);
  return {
    kind: "linear",
    encoder: transposed(encoder, D, K),
    decoder,
    encoderBias,
    decoderBias,
    thresholds,
  };
}

function read(path: string) {
  try {
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    return { tensors: tensors as Record<string, Tensor>, metadata };
  } catch (error) {
    throw new FeatureError(
      `${path}: expected a safetensors file, got one that cannot be read (${(error as Error).message})`,
    );
  }
}

function dataOf(tensors: Record<string, Tensor>, name: string, folder: string): Float32Array {
  const data = tensors[name]?.data;
  if (!(data instanceof Float32Array))
    throw new FeatureError(
      `${folder}: expected a tensor ${name} of float32, got ${data === undefined ? "none" : "another type"}: is this a dictionary of another layout?`,
    );
  if (data.some((value) => !Number.isFinite(value)))
    throw new FeatureError(`${folder}: expected finite numbers in ${name}, got NaN or infinity`);
  return data;
}

/** `[rows, columns]` as `[columns, rows]`. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j];
  return out;
}
