import { describe, expect, it } from "vitest";
import type { SegmentId } from "../recording/spool.ts";
import type { Plan } from "../session/plan.ts";
import { taskOf } from "./job/setup.ts";
import { organoidConfig } from "./organoid/config.ts";
import { planOf } from "./plans.ts";
import { segmentsOf } from "./recording.ts";
import { vatConfig } from "./vat/config.ts";

const one = planOf({
  kind: "organoid",
  config: organoidConfig.parse({ series: "henon", seeds: 1, codes: ["free"] }),
});
const many = planOf({
  kind: "vat",
  config: vatConfig.parse({ task: "peers", brains: 2, seeds: 1, arms: ["descent"] }),
});

/** Keys of one brain's stretches, brain by brain. */
async function keysOf(plan: Plan): Promise<string[][]> {
  const segments = segmentsOf(plan, (await taskOf(plan))(plan.firstSeed));
  const brains = new Map<string, SegmentId[]>();
  for (const segment of segments) brains.set(segment.code, [...(brains.get(segment.code) ?? []), segment]);
  return [...brains.values()].map((own) => own.map(({ arm, cycle, phase }) => `${arm} ${cycle} ${phase}`));
}

describe("segmentsOf", () => {
  it.each([
    ["of one culture", one, [["sham"], ["descent"], ["descent", "sham", "yoked"]]],
    ["of many", many, [["sham"], ["descent"], ["descent", "unconnected", "yoked"]]],
  ])(
    "%s names each segment once, training before its probe, whatever arms there are",
    async (_, plan, armsOfRuns) => {
      for (const arms of armsOfRuns)
        for (const retentionSeconds of [0, 10]) {
          const brains = await keysOf({ ...plan, arms, retentionSeconds });
          expect(brains).toHaveLength(plan.brains);
          for (const keys of brains) {
            expect(new Set(keys).size).toBe(keys.length);
            for (const arm of arms)
              for (let cycle = 0; cycle < plan.cycles; cycle++)
                expect(keys.indexOf(`${arm} ${cycle} train`)).toBe(keys.indexOf(`${arm} ${cycle} probe`) - 1);
            expect(keys.some((key) => key.endsWith("retention"))).toBe(
              arms.includes("descent") && plan.after.includes("retention") && retentionSeconds > 0,
            );
            expect(keys.includes("unconnected -1 probe")).toBe(arms.includes("unconnected"));
          }
        }
    },
  );
});
