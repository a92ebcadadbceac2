/** What recording.nwb of the experiment says of itself, and every stretch that it holds. */

import { readingSession } from "../reading/report/session.ts";
import type { NwbSession } from "../recording/nwb/session.ts";
import type { SegmentId } from "../recording/spool.ts";
import { ARM_NAMES, DESCENTS, isDescent } from "./arms.ts";
import type { WritingConfig } from "./config.ts";
import { type StretchName, segmentOf } from "./stretches.ts";

export function writingSession({ arms, firstSeed, seeds }: WritingConfig): NwbSession {
  return readingSession({
    identifier: `wetgrad-writing-${firstSeed}-${seeds}`,
    description: `Contexts are shown and strings written: ${arms.join(", ")}; seeds ${firstSeed} to ${firstSeed + seeds - 1}. Every arm begins at the same moment of its culture's clock.`,
    experimentDescription: "A culture's latent program is moved toward that of a string, beside controls",
    seeds: Array.from({ length: seeds }, (_, i) => firstSeed + i),
    zones: { sensory: "contexts are shown here", prediction: "strings are written here, and decoded from" },
  });
}

/** In the order of time for each culture and arm. */
export function segmentsOf({ arms, firstSeed, seeds }: WritingConfig): SegmentId[] {
  const common = (["babble", "contexts", "probe"] as const).map(
    (phase): StretchName => ({ arm: "common", phase }),
  );
  const taught = ARM_NAMES.filter((arm) => arms.includes(arm)).flatMap((arm): StretchName[] => {
    if (arm === "scrambled") return [{ arm, phase: "probe" }];
    const more =
      arm === "descent"
        ? (["near", "far"] as const)
        : isDescent(arm) && DESCENTS[arm].reads === "patches"
          ? (["own"] as const)
          : [];
    return (["train", "probe", ...more] as const).map((phase) => ({ arm, phase }));
  });
  return Array.from({ length: seeds }, (_, i) =>
    [...common, ...taught].map((name) => segmentOf(firstSeed + i, name)),
  ).flat();
}
