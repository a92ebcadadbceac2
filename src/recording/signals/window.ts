/** The checks that every reader of windows shares. */
import { RecordingError } from "../contract.ts";
import type { SignalChannel } from "./contract.ts";

/** The channels asked for; throws one line where they, or the window, are not in the recording. */
export function checkedWindow(
  name: string,
  all: readonly SignalChannel[],
  asked: { readonly start: number; readonly count: number; readonly wanted?: readonly number[] | undefined },
): readonly number[] {
  const { start, count, wanted = all.map((_, channel) => channel) } = asked;
  const rates = new Set(
    wanted.map((channel) => {
      const found = all[channel];
      if (!found) throw new RecordingError(`${name}: no channel ${channel}; it has ${all.length}`);
      return found.rateHz;
    }),
  );
  if (rates.size > 1)
    throw new RecordingError(
      `${name}: expected channels of one rate in one window, got ${[...rates].join(" and ")} Hz; read them apart`,
    );
  const samples = wanted.length === 0 ? 0 : all[wanted[0]].samples;
  if (
    !(
      Number.isInteger(start) &&
      Number.isInteger(count) &&
      start >= 0 &&
      count >= 0 &&
      start + count <= samples
    )
  )
    throw new RecordingError(
      `${name}: expected a window inside its ${samples} samples, got ${count} from ${start}`,
    );
  return wanted;
}
