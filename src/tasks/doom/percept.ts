/** Where something stands: bearing in degrees, right positive, and distance in map units. */
export interface Percept {
  readonly bearing: number;
  readonly distance: number;
}

/** Neighbours no further apart than `apart`, as one: the middle of them, and the least distance. */
export function grouped(met: readonly Percept[], apart: number): Percept[] {
  const groups: Percept[][] = [];
  for (const one of met) {
    const last = groups.at(-1);
    if (last && one.bearing - last[last.length - 1].bearing <= apart * 1.01) last.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => ({
    bearing: (group[0].bearing + group[group.length - 1].bearing) / 2,
    distance: Math.min(...group.map(({ distance }) => distance)),
  }));
}
