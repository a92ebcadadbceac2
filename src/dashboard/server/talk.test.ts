/** Pages that ask for too much, too often or for what is not there, of a real server. */
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { decodeFrame } from "../../experiment/live/frames.ts";
import type { MessageOf, ServerMessage } from "../protocol.ts";
import { RunHost } from "../runs/host.ts";
import { writeSavedRun } from "../testing/saved.ts";
import { type Dashboard, serveDashboard } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-talk-"));
const runs = new RunHost({ folder, wetgradVersion: "test", workers: 1 });
let dashboard: Dashboard;
let segments: number;

beforeAll(async () => {
  segments = await writeSavedRun(join(folder, "saved"), 2000);
  dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
});
afterAll(async () => {
  await runs.close();
  await dashboard.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page on a run, and all that it is told. */
async function page(run: string) {
  const address = `${dashboard.url.replace(/^http/, "ws")}live?run=${run}`;
  const socket = new WebSocket(address, { origin: new URL(dashboard.url).origin });
  const heard: ServerMessage[] = [];
  const frames: { readonly type: string; readonly startFrame: number }[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) frames.push(decodeFrame(Uint8Array.from(data).buffer));
    else heard.push(JSON.parse(data.toString()) as ServerMessage);
  });
  await once(socket, "open");
  open.push(socket);
  const of = <Kind extends ServerMessage["kind"]>(kind: Kind) =>
    heard.filter((message) => message.kind === kind) as MessageOf<Kind>[];
  return { socket, frames, of, say: (message: object) => socket.send(JSON.stringify(message)) };
}
const open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate();
});

const small = { series: "henon", seeds: 1, codes: ["assigned"], arms: ["sham"], cycles: 1 };
const start = (config: object) => ({
  kind: "start",
  experiment: "organoid",
  config: { ...small, ...config },
});

test("of three starts in one breath one begins; a stop in the same breath reaches it", async () => {
  const { say, of } = await page("");
  for (const firstSeed of [1, 2, 3]) say(start({ firstSeed }));
  say({ kind: "stop", atMs: Date.now(), why: "whatever else it holds" });
  await expect.poll(() => of("refused").length, { timeout: 30_000 }).toBe(2);
  await expect.poll(() => of("started").length, { timeout: 30_000 }).toBe(1);
  for (const { message } of of("refused")) expect(message).toMatch(/^henon-\w+ is going on: wait for it/);
  await runs.ended();
  const [{ name }] = of("started");
  const [run] = (await runs.feedOf(name)).retained();
  expect(run).toMatchObject({ kind: "run", name, state: "stopped" });
  // No pulse went out, and the others have left nothing.
  expect(readdirSync(folder).sort()).toEqual([name, "saved"].sort());
  expect(existsSync(join(folder, name, "spool"))).toBe(false);
});

test("of 1,500 stretches asked for at once the first and the newest are read", async () => {
  const { say, of, frames } = await page("saved");
  // Also while the run is being opened.
  for (let i = 0; i < 1500; i++) say({ kind: "segment", index: i % segments });
  await expect.poll(() => of("segments").length, { timeout: 30_000 }).toBe(1);
  const [{ segments: told }] = of("segments");
  expect(told).toHaveLength(segments);
  for (let i = 0; i < 1500; i++) say({ kind: "segment", index: i % segments });
  const newest = 25_000 * told[1499 % segments].startSeconds;
  await expect.poll(() => frames.at(-1)?.startFrame, { timeout: 30_000 }).toBe(newest);
  // The socket hands over what has come in a few parcels: of each, at most one is read.
  expect(frames.length).toBeLessThan(50);
});

test("a page that has gone is read nothing more", async () => {
  const gone = await page("saved");
  for (let i = 0; i < 100; i++) gone.say({ kind: "segment", index: 0 });
  gone.socket.terminate();
  const { say, of, frames } = await page("saved");
  say({ kind: "segment", index: segments });
  say({ kind: "segment", index: 1 });
  await expect.poll(() => frames.length, { timeout: 30_000 }).toBe(1);
  expect(of("refused").every(({ message }) => /a segment of this recording/.test(message))).toBe(true);
});

test.each([
  { what: "a field that no experiment has", message: start({ sedes: 3 }), names: "sedes" },
  {
    what: "one beside what is missing",
    message: { kind: "start", experiment: "vat", config: { task: "peers", brians: 3 } },
    names: "brians",
  },
  {
    what: "one within the limits",
    message: start({ limits: { maxCurrentUA: 1 } }),
    names: "limits.maxCurrentUA",
  },
])("a start is refused by name: $what", async ({ message, names }) => {
  const { say, of } = await page("");
  say(message);
  await expect.poll(() => of("refused").length, { timeout: 30_000 }).toBe(1);
  const [refused] = of("refused");
  expect(refused.message).toContain(`got also ${names}:`);
  expect(refused.path).toBe(names);
  expect(of("started")).toEqual([]);
});

test("a message with a key that is not known is refused by its name", async () => {
  const { socket, say } = await page("");
  say({ ...start({}), seed: 3 });
  const [, reason] = (await once(socket, "close")) as [number, Buffer];
  expect(reason.toString()).toContain("not known: seed");
});
