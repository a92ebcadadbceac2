/**
 * Against liblsl itself, through Python's ctypes, where the machine has it: WETGRAD_LIBLSL names the library, or the
 * system's is taken. Nothing of it leaves this machine.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { localClockS } from "./clock.ts";
import { LslDriver } from "./driver.ts";
import { LslOutlet } from "./outlet.ts";

const scratch = mkdtempSync(join(tmpdir(), "wetgrad-liblsl-"));
writeFileSync(join(scratch, "lsl.cfg"), "[multicast]\nResolveScope = machine\n");
const environment = { ...process.env, LSLAPICFG: join(scratch, "lsl.cfg") };
const library = (() => {
  const find =
    "import ctypes.util, os; print(os.environ.get('WETGRAD_LIBLSL') or ctypes.util.find_library('lsl') or '')";
  try {
    return execFileSync("python3", ["-c", find], { encoding: "utf8", env: process.env }).trim();
  } catch {
    return "";
  }
})();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true });
});

const PRELUDE = `
import ctypes, json, math, sys, time
from ctypes import byref, c_char_p, c_double, c_float, c_int, c_void_p
lsl = ctypes.CDLL(${JSON.stringify(library)})
lsl.lsl_create_streaminfo.restype = lsl.lsl_create_outlet.restype = lsl.lsl_create_inlet.restype = c_void_p
lsl.lsl_create_streaminfo.argtypes = [c_char_p, c_char_p, c_int, c_double, c_int, c_char_p]
lsl.lsl_create_outlet.argtypes = [c_void_p, c_int, c_int]
lsl.lsl_push_sample_ft.argtypes = [c_void_p, c_void_p, c_double]
lsl.lsl_have_consumers.argtypes = [c_void_p]
lsl.lsl_resolve_byprop.argtypes = [c_void_p, c_int, c_char_p, c_char_p, c_int, c_double]
lsl.lsl_create_inlet.argtypes = [c_void_p, c_int, c_int, c_int]
lsl.lsl_pull_sample_f.argtypes = [c_void_p, c_void_p, c_int, c_double, c_void_p]
lsl.lsl_time_correction.argtypes = [c_void_p, c_double, c_void_p]
lsl.lsl_pull_sample_f.restype = lsl.lsl_time_correction.restype = lsl.lsl_local_clock.restype = c_double
`;
const OUTLET = `${PRELUDE}
info = lsl.lsl_create_streaminfo(sys.argv[1].encode(), b"EEG", 3, 500.0, 1, b"peer")
outlet = lsl.lsl_create_outlet(info, 0, 360)
print("ready", flush=True)
while not lsl.lsl_have_consumers(outlet): time.sleep(0.01)
for i in range(20000):
    values = (c_float * 3)(i, -i, 0.5 * i)
    lsl.lsl_push_sample_ft(outlet, values, 1000 + i / 500)
    if i % 50 == 0: time.sleep(0.005)
time.sleep(60)
`;
const INLET = `${PRELUDE}
found = (c_void_p * 4)()
count = lsl.lsl_resolve_byprop(found, 4, b"name", sys.argv[1].encode(), 1, 20.0)
assert count == 1, f"resolved {count}"
inlet = lsl.lsl_create_inlet(found[0], 60, 0, 0)
error = c_int(0)
correction = lsl.lsl_time_correction(inlet, 10.0, byref(error))
values = (c_float * 2)()
samples = []
while len(samples) < 5:
    at = lsl.lsl_pull_sample_f(inlet, values, 2, 10.0, byref(error))
    assert at > 0, f"no sample, error {error.value}"
    samples.append([at, *values])
print(json.dumps({"correction": correction, "samples": samples, "clock": lsl.lsl_local_clock()}))
`;

describe.skipIf(library === "")(
  `liblsl${library === "" ? " (skipped: WETGRAD_LIBLSL names none)" : ""}`,
  () => {
    it("is read: its stream is found, its test pattern is right, its samples come in order and whole", async () => {
      const name = `liblsl-outlet-${process.pid}`;
      const child = spawn("python3", ["-c", OUTLET, name], {
        env: environment,
        stdio: ["ignore", "pipe", "ignore"],
      });
      children.push(child);
      await new Promise((resolve) => child.stdout!.once("data", resolve));
      const seen: number[][] = [[], [], []];
      const driver = await LslDriver.open({
        name,
        reach: "machine",
        waitMs: 20_000,
        onSamples: ({ channel, samples }) => seen[channel].push(...Array.from(samples)),
      });
      expect(driver.profile).toMatchObject({ framesPerSecond: 500, name: `LSL ${name}` });
      expect(Math.abs(driver.correction!.offsetS)).toBeLessThan(0.05); // the same machine's steady clock
      await driver.read(5000);
      const first = seen[0][0];
      expect(seen[0].slice(0, 5000)).toEqual(Array.from({ length: 5000 }, (_, i) => first + i));
      expect(seen[1].slice(0, 5000)).toEqual(Array.from({ length: 5000 }, (_, i) => 0 - (first + i)));
      expect(seen[2][4999]).toBe(0.5 * (first + 4999));
      await driver.close();
    }, 60_000);

    it("reads this outlet: finds it, believes its test pattern, tells its time, takes its samples", async () => {
      const name = `wetgrad-outlet-${process.pid}`;
      const outlet = await LslOutlet.open({
        name,
        type: "Test",
        channels: 2,
        format: "float32",
        samplesPerSecond: 100,
        host: "127.0.0.1",
      });
      const child = spawn("python3", ["-c", INLET, name], {
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      children.push(child);
      let [text, errors] = ["", ""];
      child.stdout!.on("data", (bytes) => (text += bytes));
      child.stderr!.on("data", (bytes) => (errors += bytes));
      let i = 0;
      const timer = setInterval(() => {
        if (outlet.consumers > 0) outlet.push([i, -2 * i], 100 + i++ / 100);
      }, 10);
      await new Promise((resolve) => child.once("close", resolve));
      clearInterval(timer);
      await outlet.close();
      expect(text, errors).not.toBe("");
      const { correction, samples, clock } = JSON.parse(text) as {
        correction: number;
        samples: number[][];
        clock: number;
      };
      expect(Math.abs(correction)).toBeLessThan(0.05);
      expect(Math.abs(clock - localClockS())).toBeLessThan(5);
      const [[first]] = samples as [number[]];
      expect(samples).toEqual(
        Array.from({ length: 5 }, (_, k) => {
          const n = Math.round((first! - 100) * 100) + k;
          return [100 + n / 100, n, -2 * n];
        }),
      );
    }, 60_000);
  },
);
