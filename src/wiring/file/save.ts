/**
 * A wiring diagram as one safetensors file: for each layer `LAYER.offsets`, `LAYER.targets`, `LAYER.counts`; `signs`; `names` as UTF-8
 * lines; `label.COLUMN` with the values in the metadata; `positions_um`, `pairs`.
 */
import { encodeTensorHeader, type RawTensor } from "../../files/raw-safetensors.ts";
import { writeWhole } from "../../files/whole.ts";
import type { Wiring } from "../contract.ts";
import { FORMAT } from "./format.ts";

/** Writes the diagram to `path`, whole or not at all; `loadWiring` reads it back. */
export function saveWiring(path: string, wiring: Wiring): void {
  const { names, signs, layers, labels, positionsUm, pairs, facts } = wiring;
  const tensors: Record<string, RawTensor> = {};
  for (const { name, offsets, targets, counts } of layers) {
    tensors[`${name}.offsets`] = { shape: [offsets.length], data: offsets };
    tensors[`${name}.targets`] = { shape: [targets.length], data: targets };
    tensors[`${name}.counts`] = { shape: [counts.length], data: counts };
  }
  for (const { name, of } of labels) tensors[`label.${name}`] = { shape: [of.length], data: of };
  const text = new TextEncoder().encode(names.join("\n"));
  tensors["names"] = { shape: [text.length], data: text };
  tensors["signs"] = { shape: [signs.length], data: signs };
  if (positionsUm) tensors["positions_um"] = { shape: [names.length, 3], data: positionsUm };
  if (pairs) tensors["pairs"] = { shape: [pairs.length], data: pairs };
  // The widest elements first, so that every array lies aligned in the file and is read without a copy.
  const byWidth = Object.entries(tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  const { header, parts } = encodeTensorHeader(Object.fromEntries(byWidth), {
    format: FORMAT,
    cells: `${names.length}`,
    layers: JSON.stringify(layers.map(({ name, drives }) => ({ name, drives }))),
    labels: JSON.stringify(labels.map(({ name, values }) => ({ name, values }))),
    facts: JSON.stringify(facts),
  });
  writeWhole(path, header, ...parts);
}
