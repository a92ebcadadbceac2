/** The electrodes table of an NWB file: places and regions, by row. https://nwb-schema.readthedocs.io/en/latest/ */
import { Dataset, type File } from "h5wasm/node";
import { dataset, group, numbers, strings } from "../../hdf5.ts";

export interface Electrode {
  readonly xUm?: number;
  readonly yUm?: number;
  readonly group?: string;
}

export function readElectrodes(file: File): Electrode[] {
  const table = group(file, "general/extracellular_ephys/electrodes");
  if (!table) return [];
  const x = dataset(table, "rel_x") ?? dataset(table, "x");
  const y = dataset(table, "rel_y") ?? dataset(table, "y");
  const xs = x && numbers(x);
  const ys = y && numbers(y);
  const location = dataset(table, "location");
  const locations = location && strings(location);
  const groupName = dataset(table, "group_name");
  const groupNamesOf = groupName && strings(groupName);
  const rows = table.get("id");
  const length = rows instanceof Dataset ? (rows.shape?.[0] ?? 0) : (xs?.length ?? 0);
  return Array.from({ length }, (_, row) => {
    const [xUm, yUm] = [xs?.[row] ?? Number.NaN, ys?.[row] ?? Number.NaN];
    const name = known(locations?.[row]) ?? known(groupNamesOf?.[row]);
    return {
      ...(Number.isFinite(xUm) && Number.isFinite(yUm) ? { xUm, yUm } : {}),
      ...(name ? { group: name } : {}),
    };
  });
}

function known(label: string | undefined): string | undefined {
  return label && label.toLowerCase() !== "unknown" ? label : undefined;
}
