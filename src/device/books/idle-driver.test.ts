import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DeviceBody } from "../gate/body.ts";
import { DEFAULT_LIMITS } from "../gate/limits.ts";
import type { Timeline, TimelineEntry } from "../gate/timeline.ts";
import { VirtualTime } from "../testing/virtual-time.ts";
import { DeviceBook } from "./book.ts";

const given = process.env["WETGRAD_LEDGERS"];
const ledgers = mkdtempSync(join(tmpdir(), "wetgrad-body-"));
beforeAll(() => {
  process.env["WETGRAD_LEDGERS"] = ledgers;
});
afterAll(() => {
  process.env["WETGRAD_LEDGERS"] = given;
  rmSync(ledgers, { recursive: true });
});

interface Rules {
  readonly array: Timeline;
  timelineOf(channel: number): Timeline;
}

it("an idle driver keeps no more of what another does than the windows need", () => {
  const time = new VirtualTime();
  const book = DeviceBook.open("busy dish", time);
  const limits = { limits: DEFAULT_LIMITS, maxAtOnce: Number.POSITIVE_INFINITY };
  const idle = new DeviceBody(book, limits);
  const busy = new DeviceBody(book, limits);
  const perS = 10;
  for (let i = 0; i < 300 * perS; i++) {
    const entry: TimelineEntry = { frame: i, durationUs: 320, chargeFc: 1000, netFc: 0, cancelled: false };
    expect(busy.weigh(1, entry, busy.nowUs()).fault).toBeUndefined();
    const booked = [{ pulse: { channel: 1, frame: i, phases: [] }, entry }];
    busy.accept(booked);
    busy.tellBegun(booked);
    time.pass(1000 / perS);
  }
  const window = DEFAULT_LIMITS.budget.windowS * perS;
  const some = 64; // forgotten together
  for (const rules of [idle, idle.line, busy].map(rulesOf)) {
    expect(rules.timelineOf(1).size).toBeGreaterThanOrEqual(window - 1);
    expect(rules.timelineOf(1).size).toBeLessThanOrEqual(window + some);
    expect(rules.array.size).toBeLessThanOrEqual(perS + some);
  }
  for (const body of [idle, busy]) body.leave();
  book.close();
});

it("counts what another driver is to send from when it is accepted, and from when it says that it began", () => {
  const time = new VirtualTime();
  const book = DeviceBook.open("shared dish", time);
  const limits = { limits: DEFAULT_LIMITS, maxAtOnce: Number.POSITIVE_INFINITY };
  const [own, other] = [new DeviceBody(book, limits), new DeviceBody(book, limits)];
  const entryOf = (): TimelineEntry => ({
    frame: 0,
    durationUs: 320,
    chargeFc: 1000,
    netFc: 0,
    cancelled: false,
  });
  const bookedOf = (entry: TimelineEntry) => [{ pulse: { channel: 1, frame: 0, phases: [] }, entry }];
  /** Accepted by the other, to begin in `ms`. */
  const plan = (ms: number) => {
    const entry = entryOf();
    other.weigh(1, entry, other.nowUs() + ms * 1000);
    other.accept(bookedOf(entry));
    return bookedOf(entry);
  };
  const begin = () => own.line.begin(bookedOf(entryOf()))?.rule;
  // Of a driver that never says so: it has begun at its time.
  plan(5);
  time.pass(4);
  expect(begin()).toBe("interval");
  time.pass(2);
  expect(begin()).toBe("interval");
  time.pass(1);
  expect(begin()).toBeUndefined();
  // Of one that says so: when it did.
  time.pass(100);
  const late = plan(5);
  time.pass(6);
  other.tellBegun(late);
  time.pass(1.5);
  expect(begin()).toBe("interval");
  time.pass(0.6);
  expect(begin()).toBeUndefined();
  for (const body of [own, other]) body.leave();
  book.close();
});

function rulesOf(of: object): Rules {
  const { planned, rolling } = of as { readonly planned?: Rules; readonly rolling?: Rules };
  return (planned ?? rolling) as Rules;
}
