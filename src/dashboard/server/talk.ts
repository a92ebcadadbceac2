/** The talk with one page: what it is shown, and what it asks for. */
import type { WebSocket } from "ws";
import type { Feed } from "../feed.ts";
import { type ClientMessage, clientMessage } from "../protocol.ts";
import { experimentOf } from "../runs/form.ts";
import type { RunHost } from "../runs/host.ts";
import { Client } from "./client.ts";
import { Newest } from "./newest.ts";

/** Codes of the closing of a WebSocket (RFC 6455, section 7.4.2: 4000 and above are private). */
const NO_SUCH_RUN = 4004;
const NONSENSE = 1008;
/** What is asked of a run that is shown; a stop is asked of none. */
type Ask = Exclude<ClientMessage, { kind: "stop" }>;

/** Messages that wait while a run is opened. */
const EARLY = 100;

export async function talk(socket: WebSocket, name: string, runs: RunHost): Promise<void> {
  const early: Ask[] = [];
  let page: Page | null = null;
  socket.on("error", () => socket.terminate());
  socket.on("close", () => page?.close());
  socket.on("message", (data: Buffer) => {
    const message = parse(data);
    if (typeof message === "string") return socket.close(NONSENSE, message.slice(0, 120));
    if (early.length > EARLY) return socket.close(NONSENSE, "expected fewer messages: reload the page");
    // Whatever the page looks at, and whatever else it waits for: what is going on here is stopped.
    if (message.kind === "stop") runs.stop(message.atMs);
    else if (page) page.hear(message);
    else {
      // Of stretches of a recording the newest waits, here as later.
      if (message.kind === early.at(-1)?.kind && message.kind === "segment") early.pop();
      early.push(message);
    }
  });
  const feed = await runs.feedOf(name).catch((error: Error) => error);
  if (feed instanceof Error) return socket.close(NO_SUCH_RUN, feed.message.slice(0, 120));
  if (socket.readyState !== socket.OPEN) return;
  page = new Page(new Client(socket, feed), feed, runs);
  for (const message of early.splice(0)) page.hear(message);
}

/** A message; of one that is none, what is wrong with it. */
function parse(data: Buffer): ClientMessage | string {
  const faulty = "expected a message of this version: reload the page";
  try {
    const { success, data: message, error } = clientMessage.safeParse(JSON.parse(data.toString("utf8")));
    if (success) return message;
    const foreign = error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
    return foreign.length > 0 ? `${faulty} (not known: ${foreign.join(", ")})` : faulty;
  } catch {
    return faulty;
  }
}

class Page {
  private readonly segments = new Newest();

  constructor(
    private readonly client: Client,
    private readonly feed: Feed,
    private readonly runs: RunHost,
  ) {}

  hear(message: Ask): void {
    this.obey(message).catch((error: Error) => this.refuse(error));
  }

  close(): void {
    this.segments.close();
    this.client.close();
  }

  private async obey(message: Ask): Promise<void> {
    const { client, feed, runs } = this;
    const { controls } = feed;
    switch (message.kind) {
      case "watch":
        return feed.want(client, message.cultures);
      case "pause":
        return (controls.pause ?? refuse("pause this run"))();
      case "resume":
        return (controls.resume ?? refuse("resume this run"))();
      case "segment":
        return this.show(message.index);
      case "compare":
        return client.message(runs.compare(message.names));
      case "tune":
        return (controls.tune ?? refuse("change this run"))(message.tuning);
      case "annotate":
        return runs.annotate(message.name, message);
      case "start": {
        const started = await runs.start(experimentOf(message.experiment, message.config));
        return client.message({ kind: "started", name: started });
      }
      case "continue":
        return client.message({ kind: "started", name: await runs.continue(message.name) });
    }
  }

  /** Sends a stretch of the recording, unless the page asks for another before its turn comes. */
  private show(index: number): void {
    const read = this.feed.controls.segment ?? refuse("replay this run");
    this.segments.ask(async (signal) => {
      try {
        const frames = await read(index, signal);
        if (!signal.aborted) for (const frame of frames) this.client.frame(frame);
      } catch (error) {
        if (!signal.aborted) this.refuse(error as Error);
      }
    });
  }

  private refuse(error: Error): void {
    const { path } = error as { path?: unknown };
    this.client.message({
      kind: "refused",
      message: error.message,
      path: typeof path === "string" ? path : "",
    });
  }
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`expected a run that allows it, got one that does not: cannot ${what}`);
  };
}
