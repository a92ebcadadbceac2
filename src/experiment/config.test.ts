import { describe, expect, it } from "vitest";
import { organoidConfig } from "./organoid/config.ts";

describe("organoidConfig", () => {
  it("fills in what is not said, and takes nothing that it does not know", () => {
    const whole = organoidConfig.parse({});
    expect(organoidConfig.parse(whole)).toEqual(whole);
    expect(organoidConfig.safeParse({ sedes: 3 }).success).toBe(false);
    for (const bad of [
      { seeds: 0 },
      { cycles: 1.5 },
      { arms: [] },
      { arms: ["magic"] },
      { div: 90 },
      { series: 3 },
    ])
      expect(organoidConfig.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  });
});
