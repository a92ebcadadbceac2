/**
 * A table of any size with the distributions of a model: each cell copies one of the model's at random (out-degree, attraction, sign,
 * label, counts of its row). Out-degrees are scaled to the mean that is wanted, rounded up or down by chance; targets are drawn in
 * proportion to their attraction, which is the in-degree of the cell that they copy, a share of them in the cell's own neighbourhood;
 * no pair twice, none onto itself. Without neighbourhoods a sparse drive is spread so thin that nothing answers.
 */
import { Random } from "../../math/random.ts";
import { drivingConnections, type Labels, type Wiring, WiringError } from "../contract.ts";
import { sortedRows } from "./rewire.ts";

export interface GenerateOptions {
  readonly cells: number;
  readonly connections: number;
  readonly seed: number;
  /** Share of the targets within the cell's own neighbourhood, which has as many cells as the model. */
  readonly near: number;
}

/** Draws of a target for one connection, before it is left out. */
const MOST_DRAWS = 200;

/** A diagram of another size with the classes, degrees and counts of `model`, whose cells keep to their neighbourhoods. */
export function generateWiring(model: Wiring, { cells, connections, seed, near }: GenerateOptions): Wiring {
  const drive = drivingConnections(model);
  const size = model.names.length;
  if (drive.targets.length === 0)
    throw new WiringError("generate: expected a model with connections, got none");
  const random = Random.of(seed, "generate");
  const attraction = new Uint32Array(size);
  for (const target of drive.targets) attraction[target]++;
  const factor = connections / cells / (drive.targets.length / size);
  const copied = Int32Array.from({ length: cells }, () => random.integer(size));
  const wanted = copied.map((own) =>
    Math.floor((drive.offsets[own + 1] - drive.offsets[own]) * factor + random.uniform()),
  );
  const draw = drawing(copied, attraction, size);
  const offsets = new Uint32Array(cells + 1);
  const total = wanted.reduce((sum, own) => sum + own, 0);
  const targets = new Int32Array(total);
  const counts = new Uint16Array(total);
  const seen = new Int32Array(cells).fill(-1);
  let end = 0;
  for (let cell = 0; cell < cells; cell++) {
    seen[cell] = cell;
    const own = copied[cell];
    const degree = drive.offsets[own + 1] - drive.offsets[own];
    for (let n = 0; n < wanted[cell]; n++) {
      const isNear = random.uniform() < near;
      let target = cell;
      for (let k = 0; k < MOST_DRAWS && seen[target] === cell; k++)
        target = draw(random, isNear ? cell : undefined);
      if (seen[target] === cell) continue;
      seen[target] = cell;
      targets[end] = target;
      counts[end++] = Math.min(65_535, drive.counts[drive.offsets[own] + random.integer(degree)]);
    }
    offsets[cell + 1] = end;
  }
  const { origin: _, ...layer } = sortedRows(offsets, targets.slice(0, end), counts.slice(0, end));
  return {
    names: Array.from({ length: cells }, (_, cell) => `${cell}`),
    signs: Int8Array.from(copied, (own) => model.signs[own]),
    layers: [{ name: "generated", drives: true, ...layer }],
    labels: model.labels.map(
      (column): Labels => ({ ...column, of: Uint32Array.from(copied, (own) => column.of[own]) }),
    ),
    facts: {
      source: `generated, seed ${seed}, by the distributions of: ${model.facts.source}`,
      licence: model.facts.licence,
      signRule: "those of the cells that are copied",
      notes: [
        `generated: ${cells} cells, ${end} connections, ${near} of the targets near, in neighbourhoods of ${size} cells`,
      ],
    },
  };
}

/** Draws a target in proportion to attraction, among all or in the neighbourhood of a cell. */
function drawing(copied: Int32Array, attraction: Uint32Array, size: number) {
  const cells = copied.length;
  const first = new Uint32Array(cells + 1);
  for (let cell = 0; cell < cells; cell++) first[cell + 1] = first[cell] + attraction[copied[cell]];
  const entries = new Int32Array(first[cells]);
  for (let cell = 0; cell < cells; cell++) entries.fill(cell, first[cell], first[cell + 1]);
  const blocks = Math.max(1, Math.round(cells / size));
  const edge = (block: number) => Math.floor((block * cells) / blocks);
  return (random: Random, near: number | undefined): number => {
    if (near === undefined) return entries[random.integer(entries.length)];
    const block = Math.min(blocks - 1, Math.floor(((near + 0.5) * blocks) / cells));
    const [from, to] = [first[edge(block)], first[edge(block + 1)]];
    return to > from ? entries[from + random.integer(to - from)] : near;
  };
}
