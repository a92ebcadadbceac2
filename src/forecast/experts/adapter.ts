/**
 * What adapts a fitted emulator to a tissue that drifts, with the emulator itself left as it is.
 *
 * `gain`: a gain and an offset on the log rate of every channel, the baseline. `experts`: the same, and a hierarchical
 * mixture of low-rank experts on the factors that channels read (Hu et al. 2021, https://arxiv.org/abs/2106.09685; Jacobs et
 * al. 1991, https://doi.org/10.1162/neco.1991.3.1.79): one expert for each area and one for each column, all behind one
 * shared projection; every channel mixes the experts of a level softly, by where it lies and by how active that region has
 * been lately against how active it was when the emulator was fitted. Both begin as no change at all.
 *
 * Legend: N windows, C channels, R factors, r rank, E experts of a level, G regions of a level, F future bins.
 */
import { softmax } from "../../compute/functions.ts";
import { type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import type { Linear } from "../../networks/layers.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { Regions } from "./regions.ts";

export type ExpertLevel<Leaf> = {
  /** `[E, r, R]` */
  up: Leaf;
  /** `[G, E]` how much a region's channels favour each expert. */
  byRegion: Leaf;
  /** `[2, E]` how activity moves that. */
  byActivity: Leaf;
};

export type Adapter<Leaf> = {
  gain: Leaf;
  offset: Leaf;
  /** Absent in the baseline. */
  experts?: { down: Leaf; area: ExpertLevel<Leaf>; column: ExpertLevel<Leaf> };
};

export type AdapterKind = "gain" | "experts";

const RANK = 4;
/** How much a region favours its own expert at the start. */
const OWN = 2;

export function initAdapter(
  kind: AdapterKind,
  random: Random,
  { factors, channels }: Pick<ForecastShape, "factors" | "channels">,
  regions: Regions,
): Adapter<Tensor> {
  const plain = { gain: zeros([channels]), offset: zeros([channels]) };
  if (kind === "gain") return plain;
  const level = (count: number): ExpertLevel<Tensor> => ({
    up: zeros([count, RANK, factors]),
    byRegion: tensor(
      [count, count],
      Float32Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? OWN : 0)),
    ),
    byActivity: zeros([2, count]),
  });
  const down = random.normals(factors * RANK).map((value) => value / Math.sqrt(factors));
  return {
    ...plain,
    experts: {
      down: tensor([factors, RANK], down),
      area: level(regions.areas.length),
      column: level(regions.areaOfColumn.length),
    },
  };
}

/** How active each region was, `[N, G, 2]`: log of its rate over the whole window and over the last fifth, against its mean. */
export type Activity<Leaf> = { area: Leaf; column: Leaf };

/** What an adapter sees of windows: factors `[N, F, R]` and how active each region was. */
export type Seen<Leaf> = { factors: Leaf; activity: Activity<Leaf> };

export type Fixed<Leaf> = {
  readout: Linear<Leaf>;
  /** One-hot maps from channels to regions, `[C, G]`. */
  membership: Activity<Leaf>;
  /** `[C]` where a gain turns about. */
  meanLogRate: Leaf;
};

/** Log rates `[N, F, C]` under an adapter. */
export function adaptedLogRates(
  adapter: Adapter<JaxArray>,
  { factors, activity }: Seen<JaxArray>,
  { readout, membership, meanLogRate }: Fixed<JaxArray>,
): JaxArray {
  const read = (x: JaxArray) => np.matmul(x, readout.weight);
  let drive = read(factors);
  const { experts } = adapter;
  if (experts) {
    const low = np.matmul(factors, experts.down);
    for (const name of ["area", "column"] as const) {
      const { up, byRegion, byActivity } = experts[name];
      const logits = np.matmul(activity[name], byActivity).add(byRegion);
      const shares = np.einsum("cg,nge->nce", membership[name], softmax(logits));
      const E = up.shape[0];
      np.split(up, E, 0).forEach((own, e) => {
        const change = read(np.matmul(low, own.reshape([up.shape[1], up.shape[2]])));
        const share = np.split(shares, [e, e + 1], 2)[1].reshape([shares.shape[0], 1, shares.shape[1]]);
        drive = drive.add(change.mul(share));
      });
    }
  }
  const about = drive.add(readout.bias).sub(meanLogRate);
  return np.clip(about.mul(np.exp(adapter.gain)).add(meanLogRate).add(adapter.offset), -10, 5);
}
