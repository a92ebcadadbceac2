/**
 * Bursts on one electrode, and from them bursts of the network, after Wagenaar, Pine & Potter 2006, "An extremely
 * rich repertoire of bursting patterns during the development of cortical cultures" (BMC Neurosci 7:11,
 * https://doi.org/10.1186/1471-2202-7-11):
 *
 * a burstlet has a core of at least four spikes, each less than a quarter of the electrode's mean interval (or
 * 100 ms) after the last, and reaches on both sides over intervals less than a third of it (or 200 ms); burstlets
 * that overlap in time belong together, and are a network burst when they cover a quarter of the active electrodes
 * (our number: it keeps chance overlaps of independent electrodes out).
 */

/** Times of the first and the last spike, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const CORE_SPIKES = 4;
const NETWORK_SHARE = 0.25;

/** The burstlets of one electrode's spikes, in order. */
export function burstlets(spikes: Iterable<number>, rateHz: number): Span[] {
  const coreGap = Math.min(0.1, 1 / (4 * rateHz));
  const reachGap = Math.min(0.2, 1 / (3 * rateHz));
  const found: Span[] = [];
  // A run is linked by gaps below reachGap, which is never below coreGap: it is a burstlet if it has a core.
  let start = Number.NaN;
  let last = Number.NEGATIVE_INFINITY;
  let inCore = 1;
  let hasCore = false;
  const closeRun = () => {
    if (hasCore) found.push({ start, end: last });
  };
  for (const time of spikes) {
    const gap = time - last;
    if (!(gap < reachGap)) {
      closeRun();
      start = time;
      hasCore = false;
    }
    inCore = gap < coreGap ? inCore + 1 : 1;
    hasCore ||= inCore >= CORE_SPIKES;
    last = time;
  }
  closeRun();
  return found;
}

/** Groups of overlapping burstlets on at least `NETWORK_SHARE` of the electrodes. `byElectrode`: active ones only. */
export function networkBursts(byElectrode: readonly (readonly Span[])[]): Span[] {
  const all = byElectrode.flatMap((spans, electrode) => spans.map((span) => ({ ...span, electrode })));
  all.sort((a, b) => a.start - b.start || a.electrode - b.electrode);
  const needed = Math.max(2, NETWORK_SHARE * byElectrode.length);
  const bursts: Span[] = [];
  for (let i = 0, next: number; i < all.length; i = next) {
    let end = all[i].end;
    const electrodes = new Set<number>();
    for (next = i; next < all.length && all[next].start <= end; next++) {
      end = Math.max(end, all[next].end);
      electrodes.add(all[next].electrode);
    }
    if (electrodes.size >= needed) bursts.push({ start: all[i].start, end });
  }
  return bursts;
}
