/** The cycle on brains of a wiring diagram, small ones of our own making. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RunControl } from "../src/experiment/control/control.ts";
import { RunError } from "../src/experiment/error.ts";
import { specsOf } from "../src/experiment/job/setup.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { runOrganoid } from "../src/experiment/organoid/run.ts";
import { planOf } from "../src/experiment/plans.ts";
import { NOT_SHARED } from "../src/experiment/timing.ts";
import { asLoud, loudnessOf } from "../src/experiment/wired/loudness.ts";
import { wiringOf } from "../src/experiment/wired/words.ts";
import { fileHashes } from "../src/files/hash.ts";
import { NwbReader } from "../src/recording/nwb/reader.ts";
import { saveWiring } from "../src/wiring/file/save.ts";
import { mushroom } from "../src/wiring/testing/mushroom.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-wired-run-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "mushroom.safetensors");
saveWiring(path, mushroom(1, 8));

const config = organoidConfig.parse({
  tissue: `wiring:${path}`,
  places: "each class=R",
  answers: "each class=MBON",
  learn: "class=KC > class=MBON",
  synapseMv: 0.2,
  series: "noisy-cycle",
  seeds: 1,
  firstSeed: 5,
  arms: ["descent", "teacher", "sham"],
  codes: ["assigned"],
  cycles: 2,
  presentations: 64,
  probeTrials: 48,
  babbleTrials: 300,
  fitSteps: 60,
  retentionSeconds: 1,
});
const hooks = { wetgradVersion: "test", workers: 1 };

describe("words for cells", () => {
  it("become groups, mixtures and single cells", () => {
    const said = wiringOf({
      tissue: "wiring:a/b.safetensors",
      places: "3 mixtures of 2: x=1 > y=2; one: z",
      answers: "each w",
      learn: "k > m",
    });
    expect(said).toMatchObject({
      path: "a/b.safetensors",
      lit: [{ receptors: "x=1", projections: "y=2", mixtures: { count: 3, size: 2 } }, "one: z"],
      answers: [{ eachOf: "w" }],
      learning: { by: "pairing", senders: "k", receivers: "m" },
    });
    expect(wiringOf({})).toBeUndefined();
  });

  it.each([
    [{ tissue: "fly" }, "expected wiring:FILE"],
    [{ tissue: "wiring:" }, "expected wiring:FILE"],
    [{ answers: "MBON" }, "expected with the tissue of a wiring diagram"],
    [{ rewire: "counts" as const }, "expected with the tissue of a wiring diagram"],
    [{ tissue: "wiring:f", neurons: 400 }, "it is for grown cultures"],
    [{ tissue: "wiring:f", learn: "KC" }, 'expected "cells > cells"'],
  ])("%o is refused in one line", (asked, says) => {
    expect(() => wiringOf(asked)).toThrow(RunError);
    expect(() => wiringOf(asked)).toThrow(says);
  });
});

describe("a brain in the cycle", () => {
  it(
    "is taught by light, scrambled by what it has learnt, recorded, and goes on after a stop with the same bits",
    async () => {
      const { report } = await runOrganoid(config, join(folder, "whole"), hooks);
      const [{ arms, figures }] = report.series;
      expect(arms["teacher"].probe.countAccuracy!.mean).toBeGreaterThan(
        arms["sham"].probe.countAccuracy!.mean + 0.2,
      );
      expect(Object.keys(arms)).toContain("scrambled");
      expect(figures.raster!.classChannels).toHaveLength(8);

      const recorded = await NwbReader.open(join(folder, "whole", "recording.nwb"));
      const [pulse] = recorded.stimulation();
      expect(pulse).toMatchObject({ phases: [], light: { durationUs: 200_000, irradianceMwPerMm2: 1 } });
      recorded.close();

      const control = new RunControl();
      const stopped = runOrganoid(config, join(folder, "stopped"), {
        ...hooks,
        control,
        onProgress: ({ done }) => {
          if (done > 900) control.stop();
        },
      });
      await expect(stopped).rejects.toMatchObject({ name: "Stopped" });
      await runOrganoid(config, join(folder, "stopped"), hooks);
      expect(fileHashes(join(folder, "stopped"), NOT_SHARED)).toEqual(
        fileHashes(join(folder, "whole"), NOT_SHARED),
      );
    },
    4 * 60_000,
  );

  it("that is rewired is as loud as the wiring itself before anything is taught", async () => {
    const plan = planOf({ kind: "organoid", config: { ...config, rewire: "targets", within: "class" } });
    const [spec] = specsOf(plan, 5, false);
    const { changes, ...itself } = spec.wiring!;
    expect(changes).toHaveLength(1);
    const goal = await loudnessOf({ ...spec, wiring: itself });
    const scaled = await asLoud(spec);
    expect(Math.abs((await loudnessOf(scaled)) / goal - 1)).toBeLessThan(0.15);
    expect(await asLoud({ ...spec, wiring: itself })).toEqual({ ...spec, wiring: itself });
  });

  it("is refused where it lacks what a method or a series needs", async () => {
    const run = (change: object) => runOrganoid({ ...config, ...change }, join(folder, "refused"), hooks);
    await expect(run({ method: "direct", arms: ["descent"] })).rejects.toThrow('the ability "synapses"');
    await expect(run({ answers: "each MBON48" })).rejects.toThrow(
      /expected a channel for data and 8 that answer/,
    );
    await expect(run({ answers: "nobody" })).rejects.toThrow(/nobody/);
  });
});
