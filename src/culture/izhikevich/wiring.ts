/**
 * Cells and synapses of the second tissue: places drawn evenly on the sheet, partners drawn evenly among all cells (inhibitory
 * ones reach excitatory cells alone), as in Izhikevich 2006 (parameters.ts).
 */
import { Random } from "../../math/random.ts";
import type { IzhikevichParameters } from "./parameters.ts";

/** N cells, of which the first E are excitatory; K synapses by presynaptic cell, and within one by delay. Plain data. */
export interface IzhikevichWiring {
  readonly excitatory: number;
  /** `[N, 2]` */
  readonly positionsMm: Float32Array;
  /** `[N + 1]` where each cell's synapses begin. */
  readonly starts: Int32Array;
  /** `[K]` */
  readonly targets: Int32Array;
  /** `[K]` whole milliseconds, at least 1. */
  readonly delaysMs: Uint8Array;
  /** The longest of them. */
  readonly longestMs: number;
}

/** The longest delay that a ring of delays holds. */
const MOST_DELAY_MS = 250;

/** Throws `RangeError` where there are fewer cells than partners, or the sheet is wider than delays can be long. */
export function wireIzhikevich(parameters: IzhikevichParameters, seed: number): IzhikevichWiring {
  const { cells, excitatoryShare, outDegree, widthMm, heightMm } = parameters;
  const excitatory = Math.round(cells * excitatoryShare);
  if (outDegree >= excitatory)
    throw new RangeError(
      `wireIzhikevich: expected fewer partners than the ${excitatory} excitatory cells, got ${outDegree}`,
    );
  const farthest = delayMs(Math.sqrt(widthMm * widthMm + heightMm * heightMm), parameters);
  if (farthest > MOST_DELAY_MS)
    throw new RangeError(
      `wireIzhikevich: expected delays of at most ${MOST_DELAY_MS} ms, got ${farthest}: a smaller sheet, or faster axons`,
    );
  const places = Random.of(seed, "izhikevich", "places");
  const positionsMm = Float32Array.from(
    { length: 2 * cells },
    (_, i) => places.uniform() * (i % 2 === 0 ? widthMm : heightMm),
  );
  const partners = Random.of(seed, "izhikevich", "partners");
  const starts = Int32Array.from({ length: cells + 1 }, (_, cell) => cell * outDegree);
  const targets = new Int32Array(cells * outDegree);
  const delaysMs = new Uint8Array(cells * outDegree);
  for (let cell = 0; cell < cells; cell++) {
    const among = cell < excitatory ? cells : excitatory;
    const chosen = new Set<number>();
    while (chosen.size < outDegree) {
      const partner = partners.integer(among);
      if (partner !== cell) chosen.add(partner);
    }
    const reached = [...chosen].map((partner) => ({
      partner,
      delay: delayMs(distanceMm(positionsMm, cell, partner), parameters),
    }));
    reached.sort((a, b) => a.delay - b.delay || a.partner - b.partner);
    reached.forEach(({ partner, delay }, i) => {
      targets[starts[cell] + i] = partner;
      delaysMs[starts[cell] + i] = delay;
    });
  }
  const longestMs = delaysMs.reduce((most, delay) => Math.max(most, delay), 0);
  return { excitatory, positionsMm, starts, targets, delaysMs, longestMs };
}

function delayMs(wayMm: number, { minimumDelayMs, conductionMmPerMs }: IzhikevichParameters): number {
  return minimumDelayMs + Math.floor(wayMm / conductionMmPerMs);
}

function distanceMm(positionsMm: Float32Array, a: number, b: number): number {
  const dx = positionsMm[2 * a] - positionsMm[2 * b];
  const dy = positionsMm[2 * a + 1] - positionsMm[2 * b + 1];
  return Math.sqrt(dx * dx + dy * dy);
}
