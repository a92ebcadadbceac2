import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File } from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RecordingError } from "../contract.ts";
import { hdf5State, loadHdf5 } from "../hdf5.ts";
import { openHdf5Spikes } from "../readers/hdf5.ts";
import { SpikeCursor } from "./cursor.ts";
import { openSpikes } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-apart-"));
beforeAll(loadHdf5);
afterAll(() => rmSync(folder, { recursive: true }));

/** Channels of so many spikes each, one every second. */
function write(name: string, counts: readonly number[], more: (file: File) => void = () => {}): string {
  const path = join(folder, name);
  const file = new File(path, "w");
  const spikes = counts.flatMap((count) => Array.from({ length: count }, (_, i) => i));
  file.create_dataset({
    name: "spikes",
    data: Float64Array.from(spikes),
    chunks: [Math.min(1024, spikes.length)],
  });
  file.create_dataset({ name: "sCount", data: Int32Array.from(counts) });
  more(file);
  file.close();
  return path;
}

/** A file whose names lie where there is no heap of names: reading them stops the library. */
function writeDamaged(name: string): string {
  const names = ["first", "second", "third"];
  const path = write(name, [3, 3, 3], (file) => file.create_dataset({ name: "names", data: names }));
  const bytes = readFileSync(path);
  const heap = Buffer.alloc(8);
  heap.writeBigUInt64LE(BigInt(bytes.indexOf("GCOL")));
  let found = 0;
  for (let at = bytes.indexOf(heap); at >= 0; at = bytes.indexOf(heap, at + 8)) {
    // Where a text lies: its length, its heap, its number there.
    const isText = names.some(({ length }) => bytes.readUInt32LE(at - 4) === length);
    if (!isText || bytes.readUInt32LE(at + 8) > names.length) continue;
    bytes[at] += 8;
    found++;
  }
  expect(found).toBe(names.length);
  writeFileSync(path, bytes);
  return path;
}

describe("SpikeCursor", () => {
  const counts = [0, 5, 70_000, 1, 0, 3, ...Array.from({ length: 6000 }, () => 1), 40_000, 2];
  const channels = counts.map((spikeCount, i) => ({ name: String(i), spikeCount }));
  /** Spikes that name their channel and place, in blocks of 1,000, some of them empty. */
  function* readSpikes(channel: number): Generator<Float64Array> {
    for (let from = 0; from < counts[channel]; from += 1000) {
      yield new Float64Array();
      const length = Math.min(1000, counts[channel] - from);
      yield Float64Array.from({ length }, (_, i) => channel * 1e6 + from + i);
    }
  }
  const all = counts.flatMap((count, c) => Array.from({ length: count }, (_, i) => c * 1e6 + i));

  test("gives every spike once, in few batches, whoever goes on", () => {
    for (const forgets of [false, true]) {
      let cursor = new SpikeCursor({ channels, readSpikes });
      const seen: number[] = [];
      let batches = 0;
      for (let channel = 0, had = 0; channel < channels.length; batches++) {
        if (forgets) cursor = new SpikeCursor({ channels, readSpikes });
        const batch = cursor.take(channel, had);
        expect(batch.counts.reduce((sum, count) => sum + count, 0)).toBe(batch.seconds.length);
        for (const second of batch.seconds) seen.push(second);
        const last = batch.counts.length - 1;
        had = batch.isWhole ? 0 : (last === 0 ? had : 0) + batch.counts[last];
        channel += batch.isWhole ? last + 1 : last;
      }
      expect(seen).toEqual(all);
      expect(batches).toBeLessThan(12);
    }
  });

  test("goes on from the middle of a block", () => {
    const cursor = new SpikeCursor({ channels, readSpikes });
    expect(cursor.take(2, 69_999).seconds[0]).toBe(2e6 + 69_999);
    expect([...cursor.take(1, 2).seconds.subarray(0, 3)]).toEqual([1e6 + 2, 1e6 + 3, 1e6 + 4]);
  });

  test("throws what a channel throws when that is asked for, after what came before", () => {
    const cursor = new SpikeCursor({
      channels: channels.slice(0, 3),
      *readSpikes(channel) {
        yield Float64Array.of(channel);
        if (channel === 1) throw new RecordingError("damaged");
      },
    });
    expect(cursor.take(0, 0)).toMatchObject({ counts: [1], isWhole: true });
    expect(cursor.take(1, 0)).toMatchObject({ counts: [1], isWhole: false });
    expect(() => cursor.take(1, 1)).toThrow("damaged");
    expect(cursor.take(2, 0)).toMatchObject({ counts: [1], isWhole: true });
  });
});

describe("a file in another thread", () => {
  test("is read as one that is opened here, in whatever order", async () => {
    const counts = [4, 0, 300_000, 7, 300];
    const path = write("same.h5", counts);
    const [here, there] = [await openHdf5Spikes(path, "same"), await openSpikes(path, "same")];
    const { readSpikes: _, close: __, ...about } = here;
    expect(there).toMatchObject(about);
    for (const channel of [0, 1, 2, 3, 4, 2, 0, 3]) {
      const [near, far] = [here, there].map((file) =>
        [...file.readSpikes(channel)].flatMap((block) => [...block]),
      );
      expect(far).toEqual(near);
    }
    const [slow, quick] = [there.readSpikes(2)[Symbol.iterator](), there.readSpikes(2)[Symbol.iterator]()];
    expect(slow.next().value[0]).toBe(0);
    let quickly = 0;
    for (let next = quick.next(); !next.done; next = quick.next()) quickly += next.value.length;
    expect(quickly).toBe(300_000);
    expect(slow.next().value[0]).toBeGreaterThan(0);
    expect(() => [...there.readSpikes(5)]).toThrow(RecordingError);
    expect(() => [...there.readSpikes(5)]).toThrow("no channel 5");
    there.close();
    there.close();
    here.close();
    await expect(openSpikes(join(folder, "nothing.h5"), "nothing")).rejects.toThrow(RecordingError);
  }, 240_000);

  test("is not spoiled by a file that stops the library, nor is the next", async () => {
    const countOf = (blocks: Iterable<Float64Array>) =>
      [...blocks].reduce((sum, { length }) => sum + length, 0);
    const good = await openSpikes(write("good.h5", [300_000, 9, 9]), "good");
    const half = good.readSpikes(0)[Symbol.iterator]();
    const first = half.next().value.length;
    expect(first).toBeLessThan(300_000);
    const bad = writeDamaged("bad.h5");
    await expect(openSpikes(bad, "bad")).rejects.toThrow(/HDF5 could not read \/names/);
    // Of a file that was open all the while: by the thread that comes next.
    let rest = 0;
    for (let block = half.next(); !block.done; block = half.next()) rest += block.value.length;
    expect(first + rest).toBe(300_000);
    expect(countOf(good.readSpikes(2))).toBe(9);
    await expect(openSpikes(bad, "bad")).rejects.toThrow(/HDF5 could not read \/names/);
    good.close();
    const next = await openSpikes(write("next.h5", [5]), "next");
    expect([...next.readSpikes(0)]).toEqual([Float64Array.of(0, 1, 2, 3, 4)]);
    next.close();
    // It does stop the library: that of this thread is gone.
    expect(hdf5State().isStopped).toBe(false);
    await expect(openHdf5Spikes(bad, "bad")).rejects.toThrow(RecordingError);
    expect(hdf5State().isStopped).toBe(true);
  }, 240_000);
});
