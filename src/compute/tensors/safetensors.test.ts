import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, readSafetensors, writeSafetensors } from "./safetensors.ts";
import { tensor } from "./tensor.ts";

/** A file laid out by hand after the format's description. */
function byHand(header: string, body: readonly number[]): Uint8Array {
  const json = new TextEncoder().encode(header);
  const length = [json.length & 255, json.length >> 8, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...length, ...json, ...body]);
}

const ONE_AND_MINUS_TWO = [0, 0, 128, 63, 0, 0, 0, 192];
const HEADER = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';

describe("safetensors", () => {
  it("reads a file laid out by hand", () => {
    const header = `${HEADER.slice(0, -1)},"__metadata__":{"a":"b"},"f":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}}`;
    const file = decodeSafetensors(byHand(header, [...ONE_AND_MINUS_TWO, 0x40, 0x40]));
    expect(file.metadata).toEqual({ a: "b" });
    expect(file.tensors).toEqual({ w: tensor([2], [1, -2]), f: tensor([], [3]) });
  });

  it("writes those very bytes, header padded to eight", () => {
    const padded = HEADER.padEnd(56, " ");
    expect(encodeSafetensors({ w: tensor([2], [1, -2]) })).toEqual(byHand(padded, ONE_AND_MINUS_TWO));
  });

  it("brings a tree back: arrays, objects, every type, empty tensors", async () => {
    const folder = await mkdtemp(join(tmpdir(), "safetensors-"));
    const tree = {
      blocks: [{ w: tensor([2, 3], [1, 2, 3, 4, 5, 6]) }, { w: tensor([0, 3], []) }],
      count: tensor([], Int32Array.of(-5)),
      mask: tensor([3], Uint8Array.of(1, 0, 1)),
      bits: tensor([1], Uint32Array.of(2 ** 32 - 1)),
    };
    await writeSafetensors(join(folder, "m.safetensors"), tree, { version: "1" });
    expect(await readdir(folder)).toEqual(["m.safetensors"]);
    const file = await readSafetensors(join(folder, "m.safetensors"));
    await rm(folder, { recursive: true });
    expect(file).toEqual({ tensors: tree, metadata: { version: "1" } });
  });

  it.each([
    ["cut short", byHand(HEADER, ONE_AND_MINUS_TWO.slice(0, 5)), /cut short/],
    ["too long", byHand(HEADER, [...ONE_AND_MINUS_TWO, 1]), /1 bytes follow/],
    ["a wrong length", byHand(HEADER.replace("[2]", "[3]"), ONE_AND_MINUS_TWO), /expected 12 bytes/],
    ["text", new TextEncoder().encode("hello there, this is text"), /is this a safetensors file/],
    ["nothing", new Uint8Array(0), /at least 8 bytes/],
    ["an unknown type", byHand(HEADER.replace("F32", "F8"), ONE_AND_MINUS_TWO), /has type F8/],
  ])("refuses a file with %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it("refuses names that would not come back", () => {
    expect(() => encodeSafetensors({ a: { b: tensor([], [1]) }, "a.b": tensor([], [2]) })).toThrow(/unique/);
  });
});
