import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { DeviceBook } from "../../device/books/book.ts";
import { chainFiles } from "../../device/books/chain.ts";
import { folderOf } from "../../device/books/place.ts";
import { serveCulture } from "../../device/serving/server.ts";
import { growSimulated } from "../../device/simulated/grow.ts";
import { systemTime } from "../../device/time.ts";
import { run } from "../program.ts";

let out = "";
let err = "";
vi.spyOn(process.stdout, "write").mockImplementation((text) => {
  out += text;
  return true;
});
vi.spyOn(process.stderr, "write").mockImplementation((text) => {
  err += text;
  return true;
});
afterEach(() => {
  out = err = "";
});

it("device list tells of every kind, for people and programs", async () => {
  expect(await run(["device", "list", "--json"])).toBe(0);
  const kinds = JSON.parse(out) as { scheme: string; stimulates: boolean; answers: boolean | null }[];
  expect(kinds.map(({ scheme }) => scheme)).toEqual(
    expect.arrayContaining(["simulated", "replay", "cl1", "udp", "intan", "open-ephys", "brainflow", "lsl"]),
  );
  expect(kinds.filter(({ stimulates }) => stimulates).map(({ scheme }) => scheme)).toEqual([
    "simulated",
    "cl1",
    "udp",
    "intan",
  ]);
  out = "";
  expect(await run(["device", "list"])).toBe(0);
  expect(out).toMatch(/open-ephys: the Open Ephys GUI.*\(reads only, /);
});

it("device probe tells of a simulated culture", async () => {
  const words = ["device", "probe", "simulated:?neurons=200&preset=quiet", "--seconds", "0.5"];
  expect(await run([...words, "--json"])).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    name: "simulated MEA 8x8",
    preparation: "simulated",
    framesPerSecond: 25_000,
    channels: 64,
    stimulates: true,
    stimulableChannels: 64,
    seconds: 0.5,
  });
  out = "";
  expect(await run(words)).toBe(0);
  expect(out).toMatch(/64 channels at 25000 Hz\n.*stimulates up to 64 channels \(titanium-nitride\)/);
});

it("device survey pulses every electrode of a device, here or served, and writes a page of what that evoked", async () => {
  const server = await serveCulture({
    driver: growSimulated({ scaffold: "mea256", seed: 1, div: 21, neurons: 150, preset: "quiet" }),
  });
  const page = join(mkdtempSync(join(tmpdir(), "wetgrad-survey-")), "survey.html");
  const words = [
    "device",
    "survey",
    `cl1://127.0.0.1:${server.port}?scaffold=mea256`,
    "--repeats",
    "1",
    "--gap",
    "20",
  ];
  try {
    expect(await run([...words, "--out", page, "--json"])).toBe(0);
    const { evoked, channels, roles, refused } = JSON.parse(out);
    expect([evoked.length, channels.length, refused]).toEqual([252, 252, 0]);
    expect(roles.sensory).toHaveLength(126);
    expect(roles.assigned.map((group: number[]) => group.length)).toEqual(Array(8).fill(15));
    expect(roles.after).toBeGreaterThan(roles.before);
    expect(readFileSync(page, "utf8")).toContain("Evoked responses");
    // Of a served culture with another array the link says what was expected.
    expect(await run(["device", "survey", `cl1://127.0.0.1:${server.port}`])).not.toBe(0);
    expect(err).toMatch(/expected 64 channels at 25000 Hz, got 252 .*scaffold=mea256/);
  } finally {
    await server.close();
    rmSync(dirname(page), { recursive: true });
  }
});

it("device ledger reads and audits the books of physical devices, and says where they were changed", async () => {
  expect(await run(["device", "ledger"])).toBe(0);
  expect(out).toMatch(/^no ledgers in /);
  const book = DeviceBook.open("rig 2", systemTime);
  book.accept([[3, Date.now(), 320, 160_000, 0]], { accepted() {}, began() {} });
  book.refused("interval");
  book.close();
  out = "";
  expect(await run(["device", "ledger", "rig 2", "--json"])).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    device: "rig 2",
    pulses: 1,
    electrodes: [{ channel: 3, pulses: 1, chargeNc: 0.16, netChargeNc: 0 }],
    refusedByRule: { interval: 1 },
  });
  out = "";
  expect(await run(["device", "ledger"])).toBe(0);
  expect(out).toMatch(/^rig 2: 1 pulses on 1 electrodes \(4 entries, each follows/);
  const [path] = chainFiles(folderOf("rig 2"));
  writeFileSync(path, readFileSync(path, "utf8").replace("160000", "16000"));
  expect(await run(["device", "ledger", "rig 2"])).toBe(2);
  expect(err).toMatch(/rig 2: .*line 3: its hash does not follow; the books were changed/);
  err = "";
  expect(await run(["device", "ledger", "rig 3"])).toBe(2);
  expect(err).toMatch(/no such ledger .* expected one of rig 2/);
});

it.each([
  [["device", "probe", "ftp:x"], /unknown kind of device/],
  [["device", "probe", "replay:/nowhere.h5"], /no such file/],
  [["device", "survey", "simulated:", "--gap", "5"], /--gap: expected a number from 20/],
  [["device", "probe", "simulated:", "--seconds", "0"], /--seconds: expected a number from 0.1/],
  [["device", "probe", "simulated:", "--file", "/nowhere.json"], /no such file/],
  [["device", "survey", "simulated:", "--file", "/nowhere.json"], /no such file/],
  [["device", "stop", "cl1://127.0.0.1:1"], /cannot be reached/],
] as const)("bad input is one line and exit code 2: %s", async (words, line) => {
  expect(await run(words)).toBe(2);
  expect(err.trim()).toMatch(line);
  expect(err.trim().split("\n").length).toBe(1);
});
