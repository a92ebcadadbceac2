import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import { openRecordingFile } from "../../recording/open.ts";
import { recordReading } from "./recording.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-reading-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sentence = (phase: "fit" | "test", startFrame: number, text: string) => ({
  ...{ phase, startFrame, text, durationFrames: 25_000 },
  spikes: { frames: Float64Array.of(250, 500, 750), channels: Uint16Array.of(3, 60, 3) },
  sent: pulsesFor([5], 1, 100, simulatedProfile),
});

it("writes what was read as NWB, which opens again with every spike and sentence", async () => {
  const path = join(folder, "recording.nwb");
  const recorder = await recordReading(path, { seed: 4 });
  recorder.add(sentence("fit", 0, "the dog sleeps"));
  recorder.add(sentence("fit", 25_000, "rain falls"));
  recorder.add(sentence("test", 75_000, "It seems to me that you’re honest, and that nobody has told her."));
  recorder.close();
  const file = await openRecordingFile(path);
  try {
    const spikes = file.cultures.flatMap((culture) =>
      culture.channels.flatMap((_, channel) =>
        [...culture.readSpikes(channel)].flatMap((block) => [...block]),
      ),
    );
    expect(spikes.sort((a, b) => a - b).map((time) => Math.round(time * 25_000))).toEqual([
      250, 500, 750, 25_250, 25_500, 25_750, 75_250, 75_500, 75_750,
    ]);
  } finally {
    file.close();
  }
});

it("leaves nothing of a file that is not whole", async () => {
  const path = join(folder, "part.nwb");
  const recorder = await recordReading(path, { seed: 4 });
  recorder.add(sentence("fit", 0, "the dog sleeps"));
  recorder.abandon();
  expect(existsSync(path)).toBe(false);
});
