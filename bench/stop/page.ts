/** A connection to the dashboard as a page has it. */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { ClientMessage } from "../../src/dashboard/protocol.ts";

/** Opens a page on a run of that name; what it is told is thrown away. */
export async function openPage(url: string, run: string): Promise<WebSocket> {
  const address = `${url.replace(/^http/, "ws")}live?run=${encodeURIComponent(run)}`;
  const page = new WebSocket(address, { origin: new URL(url).origin, perMessageDeflate: false });
  page.on("error", () => page.terminate());
  await once(page, "open");
  page.on("message", () => {});
  return page;
}

export function say(page: WebSocket, message: ClientMessage): void {
  if (page.readyState === page.OPEN) page.send(JSON.stringify(message));
}

/** Says `messages()` every `everyMs`, as far as the socket takes them, until it is told to end. */
export function sayOften(
  page: WebSocket,
  everyMs: number,
  messages: () => readonly ClientMessage[],
): () => void {
  const timer = setInterval(() => {
    if (page.bufferedAmount < 1e6) for (const message of messages()) say(page, message);
  }, everyMs);
  return () => {
    clearInterval(timer);
    page.terminate();
  };
}
