/** The same engine in a page of a real Chromium: it fetches the arrays from this process and says how long a second took. */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { launch } from "../../src/dashboard/testing/browser.ts";
import { drivingConnections, type Wiring } from "../../src/wiring/contract.ts";
import type { Drive } from "./drive.ts";

/** Runs in the page. */
const PAGE = `
import { Engine } from "/engine/engine.js";
const array = async (name, Type) => new Type(await (await fetch("/array/" + name)).arrayBuffer());
const started = performance.now();
const [offsets, targets, counts, signs, driven, kickOffsets, kicked] = await Promise.all([
  array("offsets", Uint32Array), array("targets", Int32Array), array("counts", Uint16Array), array("signs", Int8Array),
  array("driven", Int32Array), array("kickOffsets", Uint32Array), array("kicked", Int32Array)]);
const loadSeconds = (performance.now() - started) / 1000;
const kicks = Array.from({ length: kickOffsets.length - 1 }, (_, i) => kicked.subarray(kickOffsets[i], kickOffsets[i + 1]));
const walls = [];
let spikes = 0;
for (let run = 0; run < 25; run++) {
  const engine = new Engine({ offsets, targets, counts }, signs, { driven });
  spikes = 0;
  const begin = performance.now();
  for (const list of kicks) spikes += engine.advance(list, list.length);
  walls.push((performance.now() - begin) / 1000);
}
window.found = { walls, spikes, loadSeconds };
`;

/** Null from source: a page needs the build. */
export async function inChromium(wiring: Wiring, drive: Drive): Promise<object | null> {
  if (import.meta.url.endsWith(".ts")) return null;
  const connections = drivingConnections(wiring);
  const offsets = Uint32Array.from({ length: drive.kicks.length + 1 }, () => 0);
  drive.kicks.forEach((cells, step) => {
    offsets[step + 1] = offsets[step] + cells.length;
  });
  const arrays: Record<string, ArrayBufferView> = {
    offsets: connections.offsets,
    targets: connections.targets,
    counts: Uint16Array.from(connections.counts),
    signs: wiring.signs,
    driven: drive.driven,
    kickOffsets: offsets,
    kicked: Int32Array.from(drive.kicks.flatMap((cells) => Array.from(cells))),
  };
  const server = createServer(({ url = "/" }, response) => {
    const array = arrays[url.replace("/array/", "")];
    if (array) response.end(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
    else if (/^\/[a-z/-]+\.js$/.test(url)) {
      response.setHeader("content-type", "text/javascript");
      response.end(readFileSync(fileURLToPath(new URL(`../../src/wiring${url}`, import.meta.url))));
    } else {
      response.setHeader("content-type", "text/html");
      response.end(`<script type="module">${PAGE}</script>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const found = await page.waitForFunction("window.found", undefined, { timeout: 120_000 });
    const { walls, spikes, loadSeconds } = (await found.jsonValue()) as {
      walls: number[];
      spikes: number;
      loadSeconds: number;
    };
    const [first, ...warm] = walls;
    return {
      realTimeFactor: drive.seconds / Math.min(...warm),
      firstRealTimeFactor: drive.seconds / first,
      spikes,
      loadSeconds,
    };
  } finally {
    await browser.close();
    server.close();
  }
}
