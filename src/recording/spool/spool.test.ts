import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { buildNwb, NwbRun } from "../nwb/run.ts";
import { structuralFaults } from "../nwb/structure.ts";
import { exampleSegments, SESSION } from "./example.ts";
import { cleanSpool, readSegment, readSegments, writeSegment } from "./files.ts";
import { decodeSegment, encodeSegment, type Segment } from "./segment.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-spool-"));
afterAll(() => rmSync(folder, { recursive: true }));
const segments = exampleSegments();

const arbitrarySegment: fc.Arbitrary<Segment> = fc
  .record({
    seed: fc.nat(),
    cycle: fc.integer({ min: -1, max: 99 }),
    startFrame: fc.nat({ max: 2 ** 40 }),
    spikes: fc.array(fc.tuple(fc.nat({ max: 9999 }), fc.nat({ max: 65535 })), { maxLength: 30 }),
    pulses: fc.array(
      fc.record({
        frame: fc.nat({ max: 2 ** 40 }),
        channel: fc.nat({ max: 65535 }),
        phases: fc.array(fc.record({ currentUa: fc.double(), durationUs: fc.double() }), { maxLength: 3 }),
      }),
      { maxLength: 9 },
    ),
    series: fc.array(fc.record({ name: fc.string(), unit: fc.string(), values: fc.array(fc.double()) }), {
      maxLength: 3,
    }),
    trials: fc.array(
      fc.record({ startFrame: fc.nat(), endFrame: fc.nat(), text: fc.string(), target: fc.string() }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ spikes, series, ...rest }) => {
    const sorted = spikes
      .map(([frame, channel]) => [rest.startFrame + frame, channel] as const)
      .sort((a, b) => a[0] - b[0]);
    return {
      ...rest,
      code: "free",
      arm: "yoked",
      phase: "train-1",
      endFrame: rest.startFrame + 10_000,
      spikes: {
        frames: Float64Array.from(sorted, ([frame]) => frame),
        channels: Uint16Array.from(sorted, ([, channel]) => channel),
      },
      series: series.map(({ values, ...about }) => ({
        ...about,
        description: "é",
        values: Float64Array.from(values),
        frames: Float64Array.from(values, (_, i) => i),
      })),
    };
  });

test("a segment is the same after encoding and decoding", () => {
  fc.assert(
    fc.property(arbitrarySegment, (segment) => {
      expect(decodeSegment(encodeSegment(segment))).toEqual(segment);
    }),
    { numRuns: 60 },
  );
});

test("pulses of light stay light", () => {
  const [example] = exampleSegments(5);
  const pulses = example.pulses.map(({ frame, channel }, i) => ({
    ...{ frame, channel, phases: [] },
    light: { irradianceMwPerMm2: i / 50, durationUs: 1000 + i },
  }));
  expect(decodeSegment(encodeSegment({ ...example, pulses }))).toEqual({ ...example, pulses });
});

test("a segment with any byte changed, cut or added is refused", () => {
  const bytes = encodeSegment(exampleSegments(20)[0]);
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = bytes.slice();
      damaged[at] ^= change;
      expect(() => decodeSegment(damaged)).toThrow(/damaged/);
      expect(() => decodeSegment(bytes.slice(0, at))).toThrow(/damaged/);
    }),
    { numRuns: 60 },
  );
  expect(() => decodeSegment(new Uint8Array([...bytes, 0]))).toThrow(/damaged/);
});

test("spikes out of order or outside the segment are refused", () => {
  const segment = segments[0];
  const spikes = { frames: Float64Array.of(5, 3), channels: Uint16Array.of(0, 0) };
  expect(() => encodeSegment({ ...segment, spikes })).toThrow(/in order within 0..1000000, got 3 after 5/);
  expect(() => encodeSegment({ ...segment, arm: "a_b" })).toThrow(/letters/);
});

test("the run's file is the same bytes whatever order segments arrive in, and after a stop and a restart", async () => {
  const undisturbed = join(folder, "undisturbed.nwb");
  await buildNwb(undisturbed, SESSION, segments);
  expect(await structuralFaults(undisturbed)).toEqual([]);

  const spool = join(folder, "spool");
  const path = join(folder, "run.nwb");
  const first = await NwbRun.open(path, SESSION, spool, segments);
  for (const i of [2, 0, 4]) writeSegment(spool, segments[i]);
  expect(first.advance()).toBe(1); // 0; 1 is missing
  expect(() => first.close()).toThrow(/11 segments are not in the spool, first 7_assigned_descent_0_probe/);
  first.abandon();

  const second = await NwbRun.open(path, SESSION, spool, segments);
  for (let i = segments.length - 1; i >= 0; i--) {
    writeSegment(spool, segments[i]);
    second.advance();
  }
  second.close();
  expect(readFileSync(path).equals(readFileSync(undisturbed))).toBe(true);
  expect([...readSegments(spool)]).toEqual(segments);
});

test("a kill in the middle of writing leaves whole segments only", async () => {
  const spool = join(folder, "killed");
  const example = fileURLToPath(new URL("./example.ts", import.meta.url));
  const script = `import { writeForever } from ${JSON.stringify(example)}; writeForever(${JSON.stringify(spool)});`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await new Promise((resolve) => setTimeout(resolve, 37));
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  expect(child.signalCode).toBe("SIGKILL");
  writeFileSync(join(spool, "x.segment.1-0.part"), "torn");
  cleanSpool(spool);
  expect(readdirSync(spool).length).toBe(segments.length);
  expect([...readSegments(spool)]).toEqual(segments);
  expect(readSegment(spool, segments[3])).toEqual(segments[3]);

  // The NWB file that the killed process had open is worth nothing; the spool makes it anew, to the byte.
  const path = join(folder, "killed.nwb");
  writeFileSync(`${path}.part`, "torn");
  const run = await NwbRun.open(path, SESSION, spool, segments);
  run.close();
  await buildNwb(join(folder, "whole.nwb"), SESSION, segments);
  expect(readFileSync(path).equals(readFileSync(join(folder, "whole.nwb")))).toBe(true);
  expect(existsSync(`${path}.part`)).toBe(false);
});
