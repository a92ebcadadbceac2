/**
 * The books of one physical device: what it has been given, by whatever driver, process or version, on disk. One process
 * at a time holds them; within it all drivers of the device share them. Every accepted pulse is written before it is sent.
 */
import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { type Claim, claimFolder } from "../../files/claim.ts";
import type { Time } from "../time.ts";
import { ChainWriter, chainFile, FILE_BYTES } from "./chain.ts";
import type { BookedPulse, Entry, Total } from "./entries.ts";
import { Epoch } from "./epoch.ts";
import { addPulse, type History, readHistory, sortedTotals } from "./history.ts";
import { folderOf } from "./place.ts";

/** Refusals are written together, and the disk is asked to keep what it has, this often at most. */
const EVERY_MS = 1000;

/** A driver of the device, which hears what others of this process do. */
export interface BookReader {
  accepted(pulses: readonly BookedPulse[]): void;
  /** A pulse began at `atMs`. */
  began(pulse: BookedPulse, atMs: number): void;
}

export class DeviceBook {
  private readonly readers = new Set<BookReader>();
  private readonly totals: Map<number, Total>;
  private readonly epoch: Epoch;
  private writer: ChainWriter;
  private files: number;
  private refusals: Record<string, number> = {};
  private toldMs = Number.NEGATIVE_INFINITY;

  private constructor(
    private readonly place: { readonly deviceId: string; readonly folder: string; readonly claim: Claim },
    private readonly time: Time,
    history: History,
  ) {
    this.epoch = new Epoch(time, history.last);
    this.totals = new Map(history.totals.map((total) => [total[0], total]));
    this.files = history.files;
    this.writer = this.newFile(history.lastHash, history.torn);
  }

  /** Takes up the books; throws `ClaimError` while another process holds them, `BooksBroken` where they were changed. */
  static open(deviceId: string, time: Time): DeviceBook {
    const folder = folderOf(deviceId);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const claim = claimFolder(folder);
    try {
      return new DeviceBook({ deviceId, folder, claim }, time, readHistory(folder, deviceId));
    } catch (error) {
      claim.release();
      throw error;
    }
  }

  get deviceId(): string {
    return this.place.deviceId;
  }

  nowMs(): number {
    return this.epoch.nowMs();
  }

  /** Accepted pulses that began, or will, later than `windowMs` before the last entry; oldest first. */
  recent(windowMs: number): readonly BookedPulse[] {
    return readHistory(this.place.folder, this.place.deviceId, windowMs).recent;
  }

  join(reader: BookReader): void {
    this.readers.add(reader);
  }

  leave(reader: BookReader): void {
    this.readers.delete(reader);
  }

  /** Writes accepted pulses; where that throws they must not be sent. */
  accept(pulses: readonly BookedPulse[], by: BookReader): void {
    this.tellRefusals();
    this.add({ kind: "pulses", atMs: this.nowMs(), pulses: [...pulses] });
    for (const pulse of pulses) addPulse(this.totals, pulse);
    for (const reader of this.readers) if (reader !== by) reader.accepted(pulses);
  }

  /** A pulse begins now. */
  began(pulse: BookedPulse, by: BookReader): void {
    const atMs = this.nowMs();
    for (const reader of this.readers) if (reader !== by) reader.began(pulse, atMs);
  }

  refused(rule: string): void {
    this.refusals[rule] = (this.refusals[rule] ?? 0) + 1;
  }

  /** Writes what does no harm if it is lost: that something was not sent. */
  note(entry: Extract<Entry, { kind: "stop" | "dropped" }>): void {
    try {
      this.add(entry);
    } catch {
      // The books then say more than was sent.
    }
  }

  close(): void {
    try {
      this.toldMs = Number.NEGATIVE_INFINITY;
      this.tellRefusals();
      this.add({ kind: "close", atMs: this.nowMs() });
      this.writer.close();
    } catch {
      // What was accepted is there; a full disk takes no farewell.
    } finally {
      this.place.claim.release();
    }
  }

  private add(entry: Entry): void {
    if (this.writer.bytes > FILE_BYTES) {
      const last = this.writer.lastHash;
      this.writer.close();
      this.writer = this.newFile(last, 0);
    }
    this.writer.add(entry);
  }

  private newFile(last: string, torn: number): ChainWriter {
    this.files++;
    const writer = new ChainWriter(chainFile(this.place.folder, this.files), last);
    const atMs = this.nowMs();
    writer.add({
      kind: "open",
      version: 1,
      atMs,
      device: this.place.deviceId,
      host: hostname(),
      processId: process.pid,
      wallMs: this.time.wallMs(),
      boot: this.time.boot,
      bootMs: this.time.bootMs(),
      totals: sortedTotals(this.totals.values()),
      ...(torn > 0 && { torn }),
    });
    return writer;
  }

  private tellRefusals(): void {
    const atMs = this.nowMs();
    if (atMs - this.toldMs < EVERY_MS) return;
    this.toldMs = atMs;
    if (Object.keys(this.refusals).length > 0) this.add({ kind: "refused", atMs, byRule: this.refusals });
    this.refusals = {};
    this.writer.sync();
  }
}
