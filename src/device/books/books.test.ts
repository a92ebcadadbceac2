import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Driver, Pulse } from "../contract.ts";
import { openDevice } from "../gate/open.ts";
import { Recorder, recorderProfile } from "../gate/testing/recorder.ts";
import { UnsafePulse } from "../gate/unsafe-pulse.ts";
import { VirtualTime } from "../testing/virtual-time.ts";
import { auditBooks } from "./audit.ts";
import { DeviceBook } from "./book.ts";
import { ChainWriter, chainFile, chainFiles, GENESIS } from "./chain.ts";
import type { Total } from "./entries.ts";
import { Epoch } from "./epoch.ts";
import { readHistory } from "./history.ts";
import { folderOf } from "./place.ts";

const phases = [
  { currentUa: -1, durationUs: 160 },
  { currentUa: 1, durationUs: 160 },
];
const pulse = (frame: number, channel = 1): Pulse => ({ frame, channel, phases });

/** A dish, by a connection whose frames begin at 0. */
class Connection extends Recorder {
  constructor(
    readonly deviceId: string,
    readonly time = new VirtualTime(),
  ) {
    super({ ...recorderProfile, preparation: "in-vitro" });
  }
}

const given = process.env["WETGRAD_LEDGERS"];
const ledgers = mkdtempSync(join(tmpdir(), "wetgrad-books-"));
beforeAll(() => {
  process.env["WETGRAD_LEDGERS"] = ledgers;
});
afterAll(() => {
  process.env["WETGRAD_LEDGERS"] = given;
  rmSync(ledgers, { recursive: true });
});

/** Plans one pulse after the other, 20 ms apart, until one is refused. */
async function fill(driver: Driver): Promise<{ sent: number; rule: string }> {
  const device = openDevice(driver);
  for (let sent = 0; ; sent++)
    try {
      await device.stimulate([pulse(device.now())]);
      await device.read(device.now() + 20);
      (driver.time as VirtualTime | undefined)?.pass(20);
    } catch (error) {
      if (!(error instanceof UnsafePulse)) throw error;
      await device.close();
      return { sent, rule: error.rule };
    }
}

describe("the budget of a physical device", () => {
  it("is one for all drivers, connections and processes", async () => {
    const time = new VirtualTime();
    expect(await fill(new Connection("dish", time))).toEqual({ sent: 900, rule: "budget-pulses" });
    for (let i = 0; i < 10; i++)
      expect(await fill(new Connection("dish", time))).toEqual({ sent: 0, rule: "budget-pulses" });
    expect(await fill(new Connection("other dish", time))).toEqual({ sent: 900, rule: "budget-pulses" });
    // A minute after the first pulse there is room for as many as began by then.
    time.pass(60_000 - 900 * 20 + 1000);
    const { sent } = await fill(new Connection("dish", time));
    expect(sent).toBeGreaterThan(40);
    expect(sent).toBeLessThan(1000);
  });

  it("is not widened by setting the wall clock, nor by clocks that run backwards", async () => {
    const time = new VirtualTime();
    await fill(new Connection("set clock", time));
    time.stepWall(3_600_000);
    expect((await fill(new Connection("set clock", time))).sent).toBe(0);
    time.stepWall(-1e10);
    expect((await fill(new Connection("set clock", time))).sent).toBe(0);
    time.boot = "boot 2"; // with the wall clock months ago
    expect((await fill(new Connection("set clock", time))).sent).toBe(0);
  });

  it("is shared while several drivers are open at once", async () => {
    const time = new VirtualTime();
    const devices = Array.from({ length: 5 }, () => openDevice(new Connection("shared dish", time)));
    let sent = 0;
    for (let i = 0; i < 200; i++)
      await devices[i % 5].stimulate([pulse(devices[i % 5].now() + 5 * i)]).then(
        () => sent++,
        () => {},
      );
    expect(sent).toBeLessThanOrEqual(52);
    expect(sent).toBeGreaterThanOrEqual(50);
    for (const device of devices) await device.close();
  });

  it("cannot be put back to an earlier one", () => {
    const ledger = openDevice(new Connection("restored dish")).ledgerSnapshot();
    expect(() => openDevice(new Connection("restored dish"), { ledger })).toThrow("living tissue");
  });
});

describe("a plan that takes long to judge", () => {
  it("stands in the books as far apart as it was planned", async () => {
    const time = new VirtualTime();
    const device = openDevice(new Connection("slow dish", time));
    const plan = Array.from({ length: 400 }, (_, i) => pulse(25 * i, i % 3));
    const judged = device.stimulate(plan);
    const passing = setInterval(() => time.pass(100), 0);
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(setImmediate);
      time.pass(50);
    }
    await judged;
    clearInterval(passing);
    const book = readHistory(folderOf("slow dish"), "slow dish", 60_000);
    expect(book.recent.length).toBe(400);
    book.recent.forEach(([, atMs], i) => {
      expect(atMs).toBeCloseTo(book.recent[0][1] + 25 * i, 2);
    });
    await device.close();
  });
});

describe("books", () => {
  const audit = (device: string) => auditBooks(device);

  it("say everything that was accepted, dropped, stopped and refused, and are read back", async () => {
    const device = openDevice(new Connection("told dish"));
    await device.stimulate([pulse(0), pulse(10)]);
    await device.stimulate([pulse(10)]).catch(() => {});
    await device.stop();
    await device.close();
    expect(audit("told dish")).toMatchObject({
      device: "told dish",
      openings: 1,
      totals: [[1, 2, 320_000, 0]],
      stops: 1,
      refusedByRule: { interval: 1 },
      tornBytes: 0,
    });
    expect(audit("told dish")?.fault).toBeUndefined();
    expect(audit("no dish")).toBeUndefined();
  });

  it("stay with a tissue that was opened again before its first device was closed", async () => {
    const driver = new Connection("opened again");
    const first = openDevice(driver);
    await first.stimulate([pulse(0)]);
    await first.stop();
    const second = openDevice(driver);
    await first.close();
    await second.stimulate([pulse(50)]);
    await second.close();
    expect(audit("opened again")).toMatchObject({ openings: 1, totals: [[1, 2, 320_000, 0]] });
  });

  it("are given back by a device that cannot be stopped or closed", async () => {
    class Gone extends Connection {
      override async cancel(): Promise<void> {
        throw new Error("gone");
      }
      override async close(): Promise<void> {
        throw new Error("gone for good");
      }
    }
    const device = openDevice(new Gone("gone dish"));
    await device.stimulate([pulse(0)]);
    await expect(device.close()).rejects.toThrow("gone for good");
    await expect(device.stimulate([pulse(50)])).rejects.toMatchObject({ rule: "stopped" });
    const next = openDevice(new Connection("gone dish"));
    await next.stimulate([pulse(0, 2)]);
    await next.close();
    expect(audit("gone dish")).toMatchObject({ openings: 2 });
  });

  it("go on after a process that was killed in the middle of a line", async () => {
    const time = new VirtualTime();
    await fill(new Connection("torn dish", time));
    const [path] = chainFiles(folderOf("torn dish"));
    const whole = readFileSync(path);
    for (const left of [whole.length - 1, whole.length - 150, 90, 20, 0]) {
      writeFileSync(path, whole.subarray(0, left));
      for (const later of chainFiles(folderOf("torn dish")).slice(1)) rmSync(later);
      const { sent } = await fill(new Connection("torn dish", time));
      expect(sent).toBe(left < 100 ? 900 : 0);
      expect(audit("torn dish")?.fault).toBeUndefined();
      expect(audit("torn dish")?.tornBytes).toBeLessThan(400);
    }
  });

  it("that were changed in any byte are noticed, and let no pulse through", async () => {
    const time = new VirtualTime();
    const device = openDevice(new Connection("changed dish", time));
    for (let i = 0; i < 5; i++) await device.stimulate([pulse(10 * i)]);
    await device.close();
    const [path] = chainFiles(folderOf("changed dish"));
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 7) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1;
      writeFileSync(path, changed);
      expect(audit("changed dish")?.fault, `byte ${at}`).toMatch(/changed|expected/);
    }
    const lines = whole.toString().split("\n");
    for (const gone of [1, 3]) {
      writeFileSync(path, lines.filter((_, i) => i !== gone).join("\n"));
      expect(audit("changed dish")?.fault).toMatch(/does not follow/);
    }
    const again = openDevice(new Connection("changed dish", time));
    const refused = await again.stimulate([pulse(0)]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ rule: "books" });
    expect((refused as Error).message).toMatch(/does not follow.*; nothing of this call was delivered$/);
    await again.close();
    writeFileSync(path, whole);
    expect(audit("changed dish")?.fault).toBeUndefined();
    appendFileSync(path, `${lines[2]}\n`);
    expect(audit("changed dish")?.fault).toMatch(/does not follow/);
  });

  it("are held by one process, as long as it lives", async () => {
    const own = new VirtualTime();
    const script = `
      import { DeviceBook } from ${JSON.stringify(new URL("./book.ts", import.meta.url).href)};
      import { systemTime } from ${JSON.stringify(new URL("../time.ts", import.meta.url).href)};
      DeviceBook.open("held dish", systemTime);
      console.log("held");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(() => DeviceBook.open("held dish", own)).toThrow(`in use by process ${child.pid}`);
    const device = openDevice(new Connection("held dish", own));
    await expect(device.stimulate([pulse(0)])).rejects.toMatchObject({ rule: "books" });
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    own.pass(10_000);
    await device.stimulate([pulse(0)]);
    await device.close();
    expect(audit("held dish")).toMatchObject({ openings: 2 });
  });

  it("begin a new file before one is too long, and follow on", () => {
    const book = DeviceBook.open("long dish", new VirtualTime());
    const reader = { accepted() {}, began() {} };
    // Channels that come in falling order, unlike those of the totals.
    const many = Array.from({ length: 5000 }, (_, i) => [5 - (i % 6), 1.7e12 + i, 320, 1000, 0] as const);
    for (let i = 0; i < 40; i++)
      book.accept(
        many.map((one) => [...one]),
        reader,
      );
    book.close();
    const found = audit("long dish");
    expect(found?.files).toBeGreaterThan(1);
    expect(found?.fault).toBeUndefined();
    expect(found?.totals.reduce((sum, [, pulses]) => sum + pulses, 0)).toBe(200_000);
    const last = chainFiles(folderOf("long dish"))[0];
    rmSync(last);
    expect(audit("long dish")?.fault).toMatch(/is missing/);
  });

  it("of earlier versions, whose totals stand in the order in which channels came, are whole", () => {
    const write = (device: string, totals: Total[]) => {
      const folder = folderOf(device);
      mkdirSync(folder, { recursive: true });
      const open = { kind: "open", version: 1, device, host: "", processId: 1 } as const;
      const clocks = { wallMs: 0, boot: "", bootMs: 0 };
      const first = new ChainWriter(chainFile(folder, 1), GENESIS);
      first.add({ ...open, ...clocks, atMs: 0, totals: [] });
      first.add({ kind: "pulses", atMs: 1, pulses: [5, 0].map((channel) => [channel, 1, 320, 1000, 0]) });
      first.close();
      const second = new ChainWriter(chainFile(folder, 2), first.lastHash);
      second.add({ ...open, ...clocks, atMs: 2, totals });
      second.close();
    };
    write("earlier dish", [
      [5, 1, 1000, 0],
      [0, 1, 1000, 0],
    ]);
    expect(audit("earlier dish")).not.toHaveProperty("fault");
    write("other totals", [
      [5, 1, 1000, 0],
      [0, 2, 1000, 0],
    ]);
    expect(audit("other totals")?.fault).toContain("its totals are not those before");
  });

  it("that cannot be written let no pulse through, and book nothing", async () => {
    const recorder = new Connection("full disk");
    const device = openDevice(recorder);
    await device.stimulate([pulse(0)]);
    const add = vi.spyOn(ChainWriter.prototype, "add").mockImplementation(() => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    });
    await expect(device.stimulate([pulse(50)])).rejects.toMatchObject({ rule: "books" });
    add.mockRestore();
    expect(recorder.delivered.length).toBe(1);
    expect(device.ledger().pulses).toBe(1);
    await device.stimulate([pulse(50)]);
    await device.close();
    expect(audit("full disk")).toMatchObject({ totals: [[1, 2, 320_000, 0]] });
  });
});

describe("Epoch", () => {
  it("goes on by the machine's own clock, and by the wall only after a restart", () => {
    const time = new VirtualTime();
    const first = new Epoch(time);
    const open = { atMs: first.nowMs(), boot: time.boot, bootMs: time.bootMs() };
    time.pass(500);
    const last = { atMs: first.nowMs(), open };
    time.stepWall(1e9);
    time.pass(500);
    expect(new Epoch(time, last).nowMs()).toBeCloseTo(first.nowMs());
    time.boot = "boot 2";
    expect(new Epoch(time, last).nowMs()).toBe(time.wallMs());
    time.stepWall(-1e10);
    expect(new Epoch(time, last).nowMs()).toBe(last.atMs);
  });

  it("believes no monotonic clock that is ahead of the wall, as a container's may be", () => {
    let aheadMs = 0;
    class Container extends VirtualTime {
      override bootMs(): number {
        return super.bootMs() + aheadMs;
      }
    }
    const time = new Container();
    const first = new Epoch(time);
    const open = { atMs: first.nowMs(), boot: time.boot, bootMs: time.bootMs() };
    aheadMs = 1e7;
    time.pass(500);
    const goingOn = new Epoch(time, { atMs: open.atMs, open });
    expect(goingOn.nowMs()).toBeCloseTo(open.atMs + 500);
    time.pass(500);
    expect(goingOn.nowMs()).toBeCloseTo(open.atMs + 1000);
  });
});
