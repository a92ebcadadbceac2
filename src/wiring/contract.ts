/**
 * A wiring diagram: cells with names and labels, and who contacts whom how often. Whatever file it came from; nothing of a file's
 * layout leaves `layouts/`.
 */

/** Who contacts whom: the contacts of cell i are `offsets[i] .. offsets[i + 1]`, targets ascending, no pair twice. */
export interface Connections {
  /** `[cells + 1]`. */
  readonly offsets: Uint32Array;
  /** `[connections]`: the postsynaptic cell of each. */
  readonly targets: Int32Array;
  /** `[connections]`: synapses of each. */
  readonly counts: Uint16Array | Uint32Array;
}

/** Connections of one kind: a compartment (axon onto dendrite), or gap junctions. */
export interface Layer extends Connections {
  readonly name: string;
  /** Whether a spike drives through it: not through axo-axonic synapses, nor through gap junctions. */
  readonly drives: boolean;
}

/** A column of the annotation, one value a cell, dictionary-coded. */
export interface Labels {
  readonly name: string;
  /** Values of the column; the first is "", for cells of which nothing is said. */
  readonly values: readonly string[];
  /** `[cells]`: index into `values`. */
  readonly of: Uint16Array | Uint32Array;
}

export interface Wiring {
  /** `[cells]`, as the file names them: a 64-bit number is kept as its digits. */
  readonly names: readonly string[];
  /** What excites (1), inhibits (-1) or has no fast current (0), by cell. */
  readonly signs: Int8Array;
  readonly layers: readonly Layer[];
  /** Column `class` is the one that connections are told by, where there is any. */
  readonly labels: readonly Labels[];
  /** `[cells, 3]` in um, NaN where it is unknown; absent where no cell has one. */
  readonly positionsUm?: Float32Array;
  /** `[cells]`: the same cell of the other side, -1 where it is unknown. */
  readonly pairs?: Int32Array;
  readonly facts: WiringFacts;
}

export interface WiringFacts {
  /** The data set, with the paper to cite. */
  readonly source: string;
  /** The licence of the data, where the layout tells which release it is. */
  readonly licence: string;
  /** How signs were given, in words. */
  readonly signRule: string;
  /** What was summed, dropped or not understood, one line each, with counts. */
  readonly notes: readonly string[];
}

/** A diagram that cannot be read or used: one line saying what was expected, what was found, what to do. */
export class WiringError extends Error {
  override readonly name = "WiringError";

  /** Line ends, which a damaged file can bring into a message, become spaces. */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\r\n]+/g, " "), options);
  }
}

/** What a spike drives through: the driving layers, counts of the same pair summed. */
export function drivingConnections({ layers, names }: Pick<Wiring, "layers" | "names">): Connections {
  const driving = layers.filter(({ drives }) => drives);
  return driving.length === 1 ? driving[0] : sumOf(driving, names.length);
}

/** All layers of the same cells as one. */
export function sumOf(layers: readonly Connections[], cells: number): Connections {
  const offsets = new Uint32Array(cells + 1);
  const most = layers.reduce((sum, { targets }) => sum + targets.length, 0);
  const targets = new Int32Array(most);
  const counts = new Uint32Array(most);
  const place = new Int32Array(cells).fill(-1);
  let end = 0;
  for (let cell = 0; cell < cells; cell++) {
    const start = end;
    for (const layer of layers)
      for (let j = layer.offsets[cell]; j < layer.offsets[cell + 1]; j++) {
        const target = layer.targets[j];
        if (place[target] < start) {
          place[target] = end;
          targets[end++] = target;
        }
        counts[place[target]] += layer.counts[j];
      }
    sortRow(targets.subarray(start, end), counts.subarray(start, end));
    offsets[cell + 1] = end;
  }
  return { offsets, targets: targets.slice(0, end), counts: counts.slice(0, end) };
}

function sortRow(targets: Int32Array, counts: Uint32Array): void {
  const order = Array.from(targets.keys()).sort((a, b) => targets[a] - targets[b]);
  const [oldTargets, oldCounts] = [targets.slice(), counts.slice()];
  order.forEach((from, to) => {
    targets[to] = oldTargets[from];
    counts[to] = oldCounts[from];
  });
}

/** The column of that name. */
export function labelsNamed({ labels }: Pick<Wiring, "labels">, name: string): Labels | undefined {
  return labels.find((column) => column.name === name);
}

/** Makes a column of texts. */
export function labelsOf(name: string, texts: readonly string[]): Labels {
  const index = new Map([["", 0]]);
  const of = new Uint32Array(texts.length);
  texts.forEach((text, cell) => {
    let at = index.get(text);
    if (at === undefined) index.set(text, (at = index.size));
    of[cell] = at;
  });
  return { name, values: [...index.keys()], of: index.size <= 65_536 ? Uint16Array.from(of) : of };
}
