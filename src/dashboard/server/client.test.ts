import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame } from "../../experiment/live/frames.ts";
import { Feed } from "../feed.ts";
import type { ServerMessage } from "../protocol.ts";
import { Client } from "./client.ts";

/** A socket as slow as it is told to be. */
class Socket {
  readonly OPEN = 1 as const;
  readonly readyState = 1 as const;
  bufferedAmount = 0;
  readonly sent: (string | Uint8Array)[] = [];
  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }
  get frames(): number[] {
    return this.sent.flatMap((data) =>
      typeof data === "string" ? [] : [decodeFrame(Uint8Array.from(data).buffer).startFrame],
    );
  }
  get messages(): ServerMessage[] {
    return this.sent.flatMap((data) => (typeof data === "string" ? [JSON.parse(data) as ServerMessage] : []));
  }
}

const frame = (startFrame: number, culture = 0) =>
  encodeFrame({
    type: "activity",
    culture,
    startFrame,
    endFrame: startFrame + 1,
    spikeOffsets: new Uint32Array(),
    spikeChannels: new Uint16Array(),
    pulseOffsets: new Uint32Array(),
    pulseChannels: new Uint16Array(),
    pulseChargeNc: new Float32Array(),
  });
const log = (atMs: number): ServerMessage => ({ kind: "log", atMs, level: "info", text: "" });
const open = (feed: Feed) => {
  const socket = new Socket();
  const client = new Client(socket as never, feed);
  feed.want(client, [0]);
  return { socket, client };
};

describe("a page that is too slow", () => {
  it("gets the newest frames, in order, and the others cost nothing", async () => {
    const feed = new Feed();
    const { socket, client } = open(feed);
    const quick = open(feed);
    socket.bufferedAmount = 1e9;
    for (let n = 0; n < 1000; n++) feed.show(frame(n));
    expect(socket.sent).toEqual([]);
    expect(quick.socket.frames).toHaveLength(1000);
    socket.bufferedAmount = 0;
    feed.show(frame(1000));
    expect(socket.frames).toEqual([995, 996, 997, 998, 999, 1000]);
    expect(client.dropped).toBe(995);
  });

  it("is told afresh what holds when too many messages wait", () => {
    const feed = new Feed();
    const { socket } = open(feed);
    socket.bufferedAmount = 1e9;
    for (let n = 0; n < 6000; n++)
      feed.say({ kind: "progress", done: n, total: 6000, unit: "", message: "" });
    socket.bufferedAmount = 0;
    feed.show(frame(1));
    expect(socket.messages).toEqual([{ kind: "progress", done: 5999, total: 6000, unit: "", message: "" }]);
  });
});

describe("Feed", () => {
  it("tells who comes later what still holds: the run first, of each kind the latest, and every event", () => {
    const feed = new Feed();
    feed.say(log(1));
    feed.say({ kind: "progress", done: 1, total: 3, unit: "", message: "" });
    const place = { kind: "place", arm: "sham", cycle: 0, phase: "train", atMs: 0 } as const;
    feed.say({ ...place, culture: 0 });
    feed.say({ ...place, culture: 1 });
    feed.say({ ...place, culture: 0, phase: "probe" });
    feed.say(log(2));
    const { socket } = open(feed);
    expect(socket.messages).toEqual([
      log(1),
      log(2),
      { kind: "progress", done: 1, total: 3, unit: "", message: "" },
      { ...place, culture: 1 },
      { ...place, culture: 0, phase: "probe" },
    ]);
  });

  it("asks for frames only while somebody wants some, and gives each the cultures it asked for", () => {
    const watched: boolean[] = [];
    const feed = new Feed({}, (isWatched) => watched.push(isWatched));
    const { socket, client } = open(feed);
    feed.show(frame(1, 0));
    feed.show(frame(2, 1));
    feed.show(frame(3, 0xffff));
    expect(socket.frames).toEqual([1, 3]);
    feed.want(client, []);
    feed.show(frame(4, 0));
    feed.want(client, [1]);
    client.close();
    expect(socket.frames).toEqual([1, 3]);
    expect(watched).toEqual([true, false, true, false]);
  });
});
