/**
 * The bridge between strings and patches, fitted on babbling and then fixed: what a context alone makes of the patch (e), Dec_aux from the
 * displacement d = patch - e to the program of the string that was written (or from the patch itself, to see what the displacement is worth),
 * Enc_aux from a program to d, the densities of d, and the electrodes by which a d came about.
 *
 * Legend: R babbled rows, S sensory places, W electrodes that are written to, K numbers of a program, Z of a patch.
 */
import type { Tensor } from "../../compute/index.ts";
import { kMeans } from "../../math/cluster.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { applyRidgeMap, fitRidgeMap, type RidgeMap } from "../../reading/brain/ridge.ts";
import { cosine } from "../../text/metrics/retrieval.ts";
import type { Variant } from "../arms.ts";
import type { BabbledStrings } from "../babble.ts";
import { type Density, densityOf, PARTS } from "./density.ts";
import { fitEncAux } from "./enc-aux.ts";

const CONTEXT_RIDGE = 0.3;
const DECODER_RIDGE = 0.3;
const CLUSTERS = 64;
/** Of the written rows, the last: Dec_aux is scored on them and not fitted. */
const SCORED_SHARE = 0.1;

export interface Bridge {
  /** Contexts `[n, S]` -> e `[n, Z]`. */
  contextPatch(contexts: Float32Array): Float32Array;
  /** Dec_aux: what it reads `[n, Z]` (a displacement, or a patch) -> program `[n, K]`. */
  readonly decoders: Readonly<Record<Variant["reads"], RidgeMap>>;
  readonly densities: Readonly<Record<Exclude<Variant["density"], "none">, Density<Tensor>>>;
  /** A displacement `[Z]` -> how far each electrode of the prediction zone was pulsed `[W]`. */
  electrodesOf(displacement: Float32Array): Float32Array;
  /** Mean cosine of what Dec_aux says of written rows that it was not fitted on. */
  readonly heldOutCosine: number;
}

export async function fitBridge(
  babbled: BabbledStrings,
  patches: Float32Array,
  programsOfStrings: Float32Array,
  random: Random,
): Promise<Bridge> {
  const { rows: R, contexts, programs, written } = babbled;
  const [S, K, Z] = [contexts.length / R, programs.length / R, patches.length / R];
  const rowsWhere = (value: 0 | 1) => [...written.keys()].filter((row) => written[row] === value);
  const alone = rowsWhere(0);
  const context = fitRidgeMap(gatherRows(contexts, S, alone), gatherRows(patches, Z, alone), {
    rows: alone.length,
    ridge: CONTEXT_RIDGE,
  });
  const expected = applyRidgeMap(context, contexts);
  const displacements = patches.map((value, i) => value - expected[i]);

  const all = rowsWhere(1);
  const fitted = all.slice(0, Math.ceil(all.length * (1 - SCORED_SHARE)));
  const of = (matrix: Float32Array, width: number) => gatherRows(matrix, width, fitted);
  // Where nothing was written there is nothing to say: a program of zero.
  const heard = [...fitted, ...alone];
  const meant = new Float32Array(heard.length * K);
  meant.set(of(programs, K));
  const decoderOf = (from: Float32Array) =>
    fitRidgeMap(gatherRows(from, Z, heard), meant, { rows: heard.length, ridge: DECODER_RIDGE });
  const decoders = { displacements: decoderOf(displacements), patches: decoderOf(patches) };

  const electrodes = fitRidgeMap(
    of(displacements, Z),
    of(babbled.electrodes, babbled.electrodes.length / R),
    {
      rows: fitted.length,
      ridge: DECODER_RIDGE,
    },
  );

  const scored = all.slice(fitted.length);
  const said = applyRidgeMap(decoders.displacements, gatherRows(displacements, Z, scored));
  const heldOutCosine =
    scored.reduce(
      (sum, row, n) =>
        sum + cosine(said.subarray(n * K, (n + 1) * K), programs.subarray(row * K, (row + 1) * K)),
      0,
    ) / scored.length;

  const [mine, theirs] = [of(displacements, Z), of(programs, K)];
  const encAux = await fitEncAux(
    { programs: theirs, displacements: mine, rows: fitted.length },
    random.split("Enc_aux"),
  );
  const less = (a: Float32Array, b: ArrayLike<number>) => a.map((value, i) => value - b[i]);
  const strings = densityOf(
    await encAux.encode(programsOfStrings.subarray(0, PARTS * K)),
    less(mine, await encAux.encode(theirs)),
    Z,
  );
  await encAux.dispose();
  const { centres, assignment } = kMeans(Float64Array.from(displacements), Z, CLUSTERS, {
    random: random.split("clusters"),
    starts: 1,
    iterations: 30,
  });
  const means = Float32Array.from(centres);
  const clusters = densityOf(means, less(displacements, gatherRows(means, Z, assignment)), Z);
  return {
    contextPatch: (given) => applyRidgeMap(context, given),
    decoders,
    densities: { strings, clusters },
    electrodesOf: (displacement) => applyRidgeMap(electrodes, displacement),
    heldOutCosine,
  };
}
