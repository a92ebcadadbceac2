/** Names of electrodes on multiwell plates: "E6_41" is well E6, electrode 41 (Axion, "AxIS Navigator User Guide"). */

const IN_WELL = /^([A-P]\d{1,2})_(\d{1,3})$/i;

export function wellOf(electrode: string): string | undefined {
  return IN_WELL.exec(electrode)?.[1]?.toUpperCase();
}

/** The well of every electrode, where all are named so. */
export function wellsOf(electrodes: readonly string[]): readonly string[] | undefined {
  const wells = electrodes.flatMap((electrode) => wellOf(electrode) ?? []);
  return wells.length > 0 && wells.length === electrodes.length ? wells : undefined;
}
