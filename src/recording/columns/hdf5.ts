/** One-dimensional datasets of an HDF5 file as columns, read a stretch of rows at a time, for who knows nothing of HDF5. */
import { closeHdf5, dataset, group, guarded, loadHdf5, openHdf5, strings } from "../hdf5.ts";

export type ColumnValues = ArrayLike<string | number | bigint>;

/** Every call throws `RecordingError` where the file is damaged. */
export interface Hdf5Columns {
  /** Names of what is in a group; none where there is no such group. */
  groups(path: string): string[];
  /** Rows of a dataset; undefined where there is none of one dimension. */
  rows(path: string): number | undefined;
  /** Numbers of 64 bits as bigint. */
  read(path: string, from: number, to: number): ColumnValues;
  /** A text attribute of a dataset. */
  attribute(path: string, name: string): string | undefined;
  close(): void;
}

export async function openHdf5Columns(path: string): Promise<Hdf5Columns> {
  await loadHdf5();
  const file = openHdf5(path);
  const found = (at: string) => {
    const data = dataset(file, at);
    return data?.shape?.length === 1 ? data : undefined;
  };
  return {
    groups: (at) => guarded(`list ${at}`, () => group(file, at)?.keys() ?? []),
    rows: (at) => found(at)?.shape?.[0],
    read(at, from, to) {
      const data = found(at);
      if (!data || to <= from) return [];
      const value = guarded(`read ${at}`, () => data.slice([[from, to]]));
      if (Array.isArray(value)) return value.map(String);
      if (ArrayBuffer.isView(value)) return value as unknown as ColumnValues;
      return strings(data).slice(from, to);
    },
    attribute(at, name) {
      const data = dataset(file, at);
      const value = data && guarded(`read attribute ${name}`, () => data.attrs[name]?.json_value);
      return typeof value === "string" ? value : undefined;
    },
    close: () => closeHdf5(file),
  };
}
