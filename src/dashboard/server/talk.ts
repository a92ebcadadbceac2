/** The talk with one page: what it is shown, and what it asks for. */
import type { WebSocket } from "ws";
import type { Feed } from "../feed.ts";
import { type ClientMessage, clientMessage, type ServerMessage } from "../protocol.ts";
import { experimentOf } from "../runs/form.ts";
import type { RunHost } from "../runs/host.ts";
import { Client } from "./client.ts";

/** Codes of the closing of a WebSocket (RFC 6455, section 7.4.2: 4000 and above are private). */
const NO_SUCH_RUN = 4004;
const NONSENSE = 1008;

export async function talk(socket: WebSocket, name: string, runs: RunHost): Promise<void> {
  socket.on("error", () => socket.terminate());
  const early: Buffer[] = [];
  const keep = (data: Buffer) => early.push(data);
  socket.on("message", keep);
  const feed = await runs.feedOf(name).catch((error: Error) => error);
  socket.off("message", keep);
  if (feed instanceof Error) return socket.close(NO_SUCH_RUN, feed.message.slice(0, 120));
  const client = new Client(socket, feed);
  const say = (message: ServerMessage) => client.message(message);
  const hear = (data: Buffer) => {
    const message = parse(data);
    if (!message) return socket.close(NONSENSE, "expected a message of this version: reload the page");
    Promise.resolve(obey(message, feed, client, runs)).catch((error: Error) =>
      say({ kind: "refused", message: error.message, path: (error as { path?: string }).path ?? "" }),
    );
  };
  socket.on("message", hear);
  socket.on("close", () => client.close());
  early.forEach(hear);
}

function parse(data: Buffer): ClientMessage | null {
  try {
    const parsed = clientMessage.safeParse(JSON.parse(data.toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function obey(message: ClientMessage, feed: Feed, client: Client, runs: RunHost): Promise<void> {
  const { controls } = feed;
  switch (message.kind) {
    case "watch":
      return feed.want(client, message.cultures);
    case "stop":
      // Whatever the page looks at: what is going on here is stopped.
      runs.stop(message.atMs);
      return controls.stop?.(message.atMs);
    case "pause":
      return (controls.pause ?? refuse("pause this run"))();
    case "resume":
      return (controls.resume ?? refuse("resume this run"))();
    case "segment":
      for (const frame of await (controls.segment ?? refuse("replay this run"))(message.index))
        client.frame(frame);
      return;
    case "tune":
      return (controls.tune ?? refuse("change this run"))(message.tuning);
    case "start":
      return client.message({
        kind: "started",
        name: await runs.start(experimentOf(message.experiment, message.config)),
      });
    case "continue":
      return client.message({ kind: "started", name: await runs.continue(message.name) });
  }
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`expected a run that allows it, got one that does not: cannot ${what}`);
  };
}
