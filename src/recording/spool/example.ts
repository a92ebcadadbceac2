/** Seeded segments and a session to test the spool with; also run as the child that gets killed. */
import { Random } from "../../math/random.ts";
import type { NwbSession } from "../nwb/session.ts";
import { writeSegment } from "./files.ts";
import type { Segment } from "./segment.ts";

export const SESSION: NwbSession = {
  identifier: "run-1",
  description: "a test run",
  startTime: "2000-01-01T00:00:00+00:00",
  framesPerSecond: 25_000,
  device: { name: "simulated-mea", description: "16 electrodes" },
  electrodes: Array.from({ length: 16 }, (_, i) => ({
    xUm: (i >> 2) * 200,
    yUm: (i & 3) * 200,
    location: "array",
  })),
  subject: { id: "culture", description: "simulated culture" },
};

/** Two cultures of three cycles with two phases each, in canonical order. */
export function exampleSegments(spikesPerSegment = 2000): Segment[] {
  const segments: Segment[] = [];
  for (const arm of ["descent", "sham"])
    for (let cycle = 0; cycle < 3; cycle++)
      for (const [order, phase] of ["train", "probe"].entries()) {
        const random = Random.of(7, arm, cycle, phase);
        const startFrame = (cycle * 2 + order) * 1_000_000;
        const frames = Float64Array.from(
          { length: spikesPerSegment },
          () => startFrame + random.integer(1_000_000),
        );
        segments.push({
          seed: 7,
          code: "assigned",
          arm,
          cycle,
          phase,
          startFrame,
          endFrame: startFrame + 1_000_000,
          spikes: {
            frames: frames.sort(),
            channels: Uint16Array.from(frames, () => random.integer(16)),
          },
          pulses: Array.from({ length: phase === "train" ? 50 : 0 }, (_, i) => ({
            frame: startFrame + i * 1000,
            channel: random.integer(16),
            phases: [
              { currentUa: -random.uniform(), durationUs: 160 },
              { currentUa: random.uniform(), durationUs: 160 },
            ],
          })),
          series: [
            {
              name: "datum",
              unit: "a.u.",
              description: "the datum shown",
              values: Float64Array.from({ length: 40 }, () => random.normal()),
              frames: Float64Array.from({ length: 40 }, (_, i) => startFrame + i * 20_000),
            },
          ],
        });
      }
  return segments;
}

/** Writes the example into the spool over and over, so that a kill lands inside a write. */
export function writeForever(folder: string): never {
  for (let round = 0; ; round++) {
    for (const segment of exampleSegments()) writeSegment(folder, segment);
    if (round === 0) process.stdout.write("once\n");
  }
}
