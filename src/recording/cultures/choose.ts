/** A recording with some of its channels. */
import { type Recording, RecordingError } from "../contract.ts";

/** Channels by name, in the order given. Throws `RecordingError`. */
export function withChannels(recording: Recording, names: readonly string[]): Recording {
  const indices = names.map((name) => {
    const index = recording.channels.findIndex((channel) => channel.name === name);
    if (index < 0) {
      const there = recording.channels.slice(0, 12).map((channel) => channel.name);
      throw new RecordingError(
        `${recording.name}: no channel ${JSON.stringify(name)}; it has ${there.join(", ")}${recording.channels.length > 12 ? ", ..." : ""}`,
      );
    }
    return index;
  });
  const { counts } = recording;
  return {
    ...recording,
    channels: indices.map((index) => recording.channels[index]),
    readSpikes: (channel) => recording.readSpikes(indices[channel] ?? -1),
    ...(counts ? { counts: { ...counts, read: (channel) => counts.read(indices[channel] ?? -1) } } : {}),
  };
}
