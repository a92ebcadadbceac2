/**
 * What every driver must do, as checks that any test (or a command, on a real device) can run. Each check makes a
 * fresh driver and throws at the first thing that is wrong.
 */
import assert from "node:assert/strict";
import type { Device, Driver, ReadableDevice, ReadOnlyDriver, Spikes } from "./contract.ts";
import { openDevice } from "./gate/open.ts";
import { type SafetyRule, UnsafePulse } from "./gate/unsafe-pulse.ts";
import { DeviceLost } from "./lost.ts";
import { pulsesFor } from "./stimulation.ts";

export interface ConformanceCheck {
  readonly name: string;
  run(): Promise<void>;
}

export interface ConformanceOptions {
  /** Whether a fresh driver gives the same spikes each time (a simulation, a recording). */
  readonly repeatable: boolean;
  /** The check reads this many frames. */
  readonly frames: number;
  /** Whether the drivers can stimulate. */
  readonly stimulates: boolean;
  /** Whether the device's clock runs by itself. */
  readonly live?: boolean;
  /** For a device behind a link: what its peer can be made to do. */
  readonly link?: PeerControls;
}

/** What a test can make the peer of the driver made last do. */
export interface PeerControls {
  /** Goes away, as a peer does that is switched off; a driver made later finds it again. */
  cut(): void | Promise<void>;
  /** Sends nothing for this long, then all that has come together. */
  hold(ms: number): void | Promise<void>;
}

/** The checks for the drivers that `make` makes. `make` is called at least once per check. */
export function conformanceChecks(
  make: () => AnyDriver | Promise<AnyDriver>,
  { repeatable, frames, link, stimulates, live }: ConformanceOptions,
): ConformanceCheck[] {
  const open = async () => openAny(await make());
  const openToStimulate = async () => openDevice((await make()) as Driver);
  const reading = {
    "has a sane profile": async () => checkProfile(await open()),
    "has a clock that only reading moves": async () => checkClock(await open(), frames),
    "gives spikes in order, inside the window, on its channels": async () =>
      checkSpikes(await open(), frames),
    "closes once and for all": async () => checkClose(await open()),
  };
  const again = {
    "gives the same spikes however the reading is cut": async () =>
      checkCuts(await open(), await open(), frames),
  };
  const readOnly = {
    "offers no way to stimulate": async () => {
      const driver = await make();
      assert.equal("stimulate" in openAny(driver) || "deliver" in openAny(driver), false);
      assert.equal(typeof driver.deliver, "undefined", "the driver itself has no deliver");
    },
  };
  const stimulating = {
    "refuses pulses that have not passed the gate": async () => checkSeal((await make()) as Driver),
    "keeps books of what it accepts": async () => checkBooks(await openToStimulate()),
    "refuses unsafe pulses, and all that come with them": async () => checkRefusals(await openToStimulate()),
    "stops for good": async () => checkStop(await openToStimulate()),
  };
  const living = {
    "refuses what is late by its own clock": async () => checkLate(await openToStimulate()),
  };
  const linked = link && {
    "waits for a slow peer": async () => checkSlowPeer(await open(), link, frames),
    "is lost, clearly, when its peer goes, and another goes on": async () =>
      checkLoss(await open(), link, open, frames),
  };
  const kind = stimulates ? { ...stimulating, ...(live ? living : {}) } : readOnly;
  return Object.entries({ ...reading, ...(repeatable ? again : {}), ...kind, ...linked }).map(
    ([name, run]) => ({ name, run }),
  );
}

type AnyDriver = Driver | ReadOnlyDriver;

function openAny(driver: AnyDriver): ReadableDevice {
  return typeof driver.deliver === "function" ? openDevice(driver) : openDevice(driver);
}

async function checkProfile({ profile }: ReadableDevice): Promise<void> {
  assert.ok(profile.name.length > 0, "a name");
  assert.ok(Number.isFinite(profile.framesPerSecond) && profile.framesPerSecond > 0, "framesPerSecond > 0");
  const channels = profile.electrodes.map(({ channel }) => channel);
  assert.ok(channels.length > 0, "at least one electrode");
  assert.equal(new Set(channels).size, channels.length, "no channel twice");
  for (const { channel, xUm, yUm, areaUm2 } of profile.electrodes) {
    assert.ok(
      Number.isInteger(channel) && channel >= 0 && channel < 65536,
      `channel ${channel} fits 16 bits`,
    );
    assert.ok(Number.isFinite(xUm) && Number.isFinite(yUm), `channel ${channel} has a place`);
    assert.ok(areaUm2 > 0 && Number.isFinite(areaUm2), `channel ${channel} has an area`);
  }
  for (const reserved of profile.reservedChannels)
    assert.ok(channels.includes(reserved), `reserved channel ${reserved} exists`);
}

async function checkClock(device: ReadableDevice, frames: number): Promise<void> {
  const start = device.now();
  assert.ok(Number.isSafeInteger(start) && start >= 0, "now() is a frame");
  await device.read(start);
  assert.equal(device.now(), start, "an empty read does not move the clock");
  await device.read(start + frames);
  assert.equal(device.now(), start + frames, "a read moves the clock to its end");
  await assert.rejects(device.read(start + frames - 1), "a read backwards is refused");
  await assert.rejects(device.read(start + frames + 0.5), "a read to a fraction of a frame is refused");
  await assert.rejects(device.read(Number.NaN), "a read to NaN is refused");
  assert.equal(device.now(), start + frames, "a refused read does not move the clock");
}

async function checkSpikes(device: ReadableDevice, frames: number): Promise<void> {
  const known = new Set(device.profile.electrodes.map(({ channel }) => channel));
  let total = 0;
  for (const part of [1, Math.floor(frames / 3), frames]) {
    const from = device.now();
    const until = Math.max(from, part);
    const spikes = await device.read(until);
    assert.equal(spikes.frames.length, spikes.channels.length, "as many channels as frames");
    spikes.frames.forEach((frame, i) => {
      assert.ok(
        Number.isSafeInteger(frame) && frame >= from && frame < until,
        `frame ${frame} in the window`,
      );
      assert.ok(i === 0 || frame >= spikes.frames[i - 1], "frames ascend");
      assert.ok(known.has(spikes.channels[i]), `channel ${spikes.channels[i]} exists`);
    });
    total += spikes.frames.length;
  }
  assert.ok(total > 0, `some spike in ${frames} frames`);
}

async function checkCuts(whole: ReadableDevice, cut: ReadableDevice, frames: number): Promise<void> {
  const expected = await whole.read(frames);
  const parts: Spikes[] = [];
  for (let frame = 0, step = 1; frame < frames; step = (step * 7 + 3) % 997) {
    frame = Math.min(frames, frame + step);
    parts.push(await cut.read(frame));
  }
  assert.deepEqual(
    parts.flatMap((part) => [...part.frames]),
    [...expected.frames],
  );
  assert.deepEqual(
    parts.flatMap((part) => [...part.channels]),
    [...expected.channels],
  );
}

async function checkSlowPeer(device: ReadableDevice, link: PeerControls, frames: number): Promise<void> {
  await device.read(device.now() + Math.ceil(frames / 10));
  const until = device.now() + frames;
  await link.hold(300);
  const spikes = await device.read(until);
  assert.equal(device.now(), until, "the read ends where it was asked to");
  assert.ok(
    spikes.frames.every((frame, i) => frame < until && (i === 0 || frame >= spikes.frames[i - 1])),
    "frames ascend",
  );
  await device.close();
}

async function checkLoss(
  device: ReadableDevice,
  link: PeerControls,
  again: () => Promise<ReadableDevice>,
  frames: number,
): Promise<void> {
  const isLost = (error: unknown) => error instanceof DeviceLost && !error.message.includes("\n");
  await device.read(device.now() + Math.ceil(frames / 10));
  const waiting = device.read(device.now() + 1e9);
  waiting.catch(() => {});
  await link.cut();
  await assert.rejects(waiting, isLost, "a read that waits ends with DeviceLost");
  const now = device.now();
  await assert.rejects(device.read(now + 1e9), isLost, "later reads too");
  assert.equal(device.now(), now, "a lost device's clock stands");
  if ("stimulate" in device) {
    const pulse = pulsesFor([freeChannel(device)], 0.5, ahead(device as Device), device.profile);
    await assert.rejects((device as Device).stimulate(pulse), isLost, "no pulse goes to a lost device");
  }
  await device.close();
  const next = await again();
  await next.read(next.now() + frames);
  await next.close();
}

async function checkClose(device: ReadableDevice): Promise<void> {
  await device.close();
  await device.close();
  await assert.rejects(device.read(device.now() + 1), "a closed device cannot be read");
}

async function checkSeal(driver: Driver): Promise<void> {
  const pulses = pulsesFor([freeChannel(driver)], 0.5, driver.now(), driver.profile);
  await assert.rejects(
    driver.deliver(pulses as never),
    "deliver refuses pulses that the gate has not cleared",
  );
}

/** A frame that no clock will have passed soon. */
function ahead(device: Device, seconds = 1): number {
  return device.present() + Math.ceil(seconds * device.profile.framesPerSecond);
}

async function checkBooks(device: Device): Promise<void> {
  const channel = freeChannel(device);
  const interval = device.profile.framesPerSecond / 10;
  for (let i = 0; i < 3; i++) {
    await device.stimulate(pulsesFor([channel], 0.5, ahead(device) + i, device.profile));
    await device.read(device.now() + interval);
  }
  const account = device.ledger().electrodes.find((electrode) => electrode.channel === channel)!;
  // Of a live clock, a pulse may come to be late on a busy machine.
  assert.equal(account.pulses + account.cancelled, 3);
  assert.ok(
    Math.abs(account.chargeNc - 0.2 * account.pulses) < 1e-6,
    `0.2 nC booked for each pulse, got ${account.chargeNc}`,
  );
  assert.equal(device.ledger().refusals, account.cancelled, "every pulse that was dropped is counted");
}

async function checkRefusals(device: Device): Promise<void> {
  const { profile } = device;
  await device.read(device.now() + 100);
  const good = pulsesFor([freeChannel(device)], 0.5, ahead(device, 10), profile)[0];
  const other =
    profile.electrodes.find(
      ({ channel }) => channel !== good.channel && !profile.reservedChannels.includes(channel),
    )?.channel ?? 65535;
  const [cathodic, anodic] = good.phases as [(typeof good.phases)[0], (typeof good.phases)[0]];
  const unsafe: [SafetyRule, typeof good][] = [
    ["balance", { ...good, channel: other, phases: [cathodic, { ...anodic, durationUs: 100 }] }],
    ["phases", { ...good, channel: other, phases: [cathodic] }],
    ["past", { ...good, channel: other, frame: device.now() - 1 }],
    ["horizon", { ...good, channel: other, frame: ahead(device, 70) }],
    ["electrode", { ...good, channel: 65_535 }],
    ["malformed", { ...good, channel: other, frame: Number.NaN }],
    ["interval", good],
    ...profile.reservedChannels.slice(0, 1).map((channel) => ["reserved", { ...good, channel }] as const),
  ] as [SafetyRule, typeof good][];
  for (const [rule, pulse] of unsafe)
    await assert.rejects(
      device.stimulate([good, pulse]),
      (error) => error instanceof UnsafePulse && error.rule === rule,
      `expected ${rule} to be refused`,
    );
  assert.equal(device.ledger().pulses, 0, "nothing of a refused call is delivered");
  assert.equal(device.ledger().refusals, unsafe.length, "every refusal is counted");
  assert.equal(device.ledger().recentRefusals.length, unsafe.length, "every refusal is logged");
  await device.stimulate([good]);
}

/** What a live device's clock has passed is refused, though it was never read so far. */
async function checkLate(device: Device): Promise<void> {
  const { framesPerSecond } = device.profile;
  await device.read(device.now() + 100);
  const from = device.now();
  while (device.present() - from < framesPerSecond / 10)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(device.now() === from, "only reading moves now()");
  for (const frame of [from, from + Math.floor(framesPerSecond / 20)])
    await assert.rejects(
      device.stimulate(pulsesFor([freeChannel(device)], 0.5, frame, device.profile)),
      (error) => error instanceof UnsafePulse && error.rule === "late",
      "a late pulse is refused",
    );
  assert.equal(device.ledger().refusedByRule.late, 2);
  assert.equal(device.ledger().pulses, 0);
}

async function checkStop(device: Device): Promise<void> {
  const pulse = pulsesFor([freeChannel(device)], 0.5, ahead(device), device.profile);
  await device.stimulate(pulse);
  await device.stop();
  await device.stop();
  assert.equal(device.ledger().pulses, 0, "a pulse that had not begun is cancelled");
  await assert.rejects(
    device.stimulate(pulse),
    (error) => error instanceof UnsafePulse && error.rule === "stopped",
  );
  await device.read(device.now() + 100);
  await device.close();
  await assert.rejects(
    device.stimulate(pulse),
    (error) => error instanceof UnsafePulse && error.rule === "stopped",
  );
}

function freeChannel({ profile }: ReadableDevice): number {
  return profile.electrodes.find(({ channel }) => !profile.reservedChannels.includes(channel))!.channel;
}
