/**
 * Offers one stream to every Lab Streaming Layer client: answers queries (UDP, its own port and the common one),
 * requests for time and for its info, and feeds samples to whoever asks.
 */
import { randomUUID } from "node:crypto";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { hostname } from "node:os";
import { bindUdp, closeUdp } from "../udp/sockets.ts";
import { localClockS, readTimeRequest } from "./clock.ts";
import { feedResponse, MAX_HEAD_BYTES } from "./feed.ts";
import { FIRST_PORT, GROUPS, PORTS, QUERY_PORT } from "./resolve.ts";
import { encodeSample, type Sample, testPattern, type Value } from "./samples.ts";
import { matchesQuery, type StreamInfo, writeInfo } from "./stream-info.ts";

export type OutletOptions = Pick<StreamInfo, "name" | "type" | "channels" | "format" | "samplesPerSecond"> & {
  readonly sourceId?: string;
  /** Where to serve; every address by default, as LSL does. On one address no group is joined. */
  readonly host?: string;
};

/** A client that lets more than this pile up is dropped. */
const MAX_UNSENT_BYTES = 16 << 20;

export class LslOutlet {
  private readonly clients = new Set<Socket>();
  private udp: UdpSocket[] = [];

  private constructor(
    readonly info: StreamInfo,
    private readonly server: Server,
  ) {}

  static async open(options: OutletOptions): Promise<LslOutlet> {
    const { host = "0.0.0.0", sourceId = "", ...shape } = options;
    const made: { outlet?: LslOutlet } = {};
    const server = createServer({ noDelay: true }, (socket) => made.outlet?.serve(socket));
    const dataPort = await listenInRange(server, host);
    const answer = (bytes: Buffer, reply: Reply) => made.outlet?.answer(bytes.toString("latin1"), reply);
    const service = await bindInRange(host, answer);
    const outlet = new LslOutlet(
      {
        ...shape,
        sourceId,
        uid: randomUUID(),
        hostname: hostname(),
        createdAtS: localClockS(),
        dataPort,
        servicePort: service.address().port,
      },
      server,
    );
    made.outlet = outlet;
    outlet.udp.push(service);
    await outlet.joinQueries(host, answer);
    return outlet;
  }

  get consumers(): number {
    return this.clients.size;
  }

  /** Sends a sample to every client; `timeS` is of the local clock, now by default. */
  push(values: readonly Value[], timeS = localClockS()): void {
    if (values.length !== this.info.channels)
      throw new RangeError(`push: expected ${this.info.channels} values, got ${values.length}`);
    this.send({ timeS, values });
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    for (const client of this.clients) client.destroy();
    await Promise.all([closed, closeUdp(...this.udp)]);
  }

  private send(sample: Sample): void {
    if (this.clients.size === 0) return;
    const bytes = encodeSample(sample, this.info.format);
    for (const client of this.clients) {
      if (client.writableLength > MAX_UNSENT_BYTES) client.destroy();
      else client.write(bytes);
    }
  }

  /** The port of queries is shared by every outlet of a machine; without it, clients must know this host. */
  private async joinQueries(host: string, answer: (bytes: Buffer, reply: Reply) => void): Promise<void> {
    const socket: UdpSocket | undefined = await bindUdp(
      QUERY_PORT,
      host,
      (bytes, from) =>
        answer(bytes, (text, port = from.port) => socket?.send(text, port, from.address, () => {})),
      true,
    ).catch(() => undefined);
    if (!socket) return;
    this.udp.push(socket);
    for (const group of host === "0.0.0.0" ? GROUPS : [])
      try {
        socket.addMembership(group);
      } catch {
        // no route for this group here
      }
  }

  private answer(text: string, reply: Reply): void {
    const [method = "", first = "", second = ""] = text.split(/\r?\n/);
    if (method.trim() === "LSL:shortinfo") {
      const [port, id = ""] = second.trim().split(/\s+/);
      const to = Number(port);
      if (!(to > 0 && to < 65_536) || id.length > 64 || !matchesQuery(this.info, first)) return;
      reply(`${id}\r\n${writeInfo(this.info)}`, to);
    } else if (method.trim() === "LSL:timedata") {
      const t1 = localClockS();
      try {
        const { wave, t0 } = readTimeRequest(first);
        reply(` ${wave} ${t0} ${t1} ${localClockS()}`);
      } catch {
        // not a request for time
      }
    }
  }

  private serve(socket: Socket): void {
    let text = "";
    const read = (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (text.length > MAX_HEAD_BYTES) socket.destroy();
      else if (/^LSL:fullinfo\r\n/.test(text)) socket.end(writeInfo(this.info));
      else if (/^LSL:shortinfo\r\n.*\r\n/.test(text))
        socket.end(matchesQuery(this.info, text.split("\r\n")[1]) ? writeInfo(this.info) : "");
      else if (text.includes("\r\n\r\n")) {
        socket.off("data", read);
        socket.resume();
        this.feed(socket, text);
      }
    };
    socket.on("error", () => {}).on("close", () => this.clients.delete(socket));
    socket.on("data", read);
  }

  private feed(socket: Socket, request: string): void {
    const match = /^LSL:streamfeed\/(\d+)(?: +(\S+))?/.exec(request);
    if (!match) socket.destroy();
    else if (Number(match[1]) >= 200) socket.end("LSL/110 505 Version not supported");
    else if (match[2] !== undefined && match[2] !== this.info.uid) socket.end("LSL/110 404 Not found");
    else {
      socket.write(feedResponse(this.info.uid));
      for (const offset of [4, 2] as const)
        socket.write(encodeSample(testPattern(this.info, offset), this.info.format));
      this.clients.add(socket);
    }
  }
}

/** Answers to where a packet came from, or to another port there. */
type Reply = (text: string, port?: number) => void;

/** LSL's own range of ports, or any where all of them are taken. */
function portsToTry(): number[] {
  return [...Array.from({ length: PORTS }, (_, i) => FIRST_PORT + i), 0];
}

async function listenInRange(server: Server, host: string): Promise<number> {
  for (const port of portsToTry()) {
    server.listen(port, host);
    const listening = await once(server, "listening").then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE" || port === 0) throw error;
        return false;
      },
    );
    if (listening) return (server.address() as { port: number }).port;
  }
  throw new Error("no port"); // not reached: 0 is any free one
}

async function bindInRange(host: string, answer: (bytes: Buffer, reply: Reply) => void): Promise<UdpSocket> {
  for (const port of portsToTry()) {
    const made: { socket?: UdpSocket } = {};
    try {
      made.socket = await bindUdp(port, host, (bytes, from) =>
        answer(bytes, (text, to = from.port) => made.socket?.send(text, to, from.address, () => {})),
      );
      return made.socket;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || port === 0) throw error;
    }
  }
  throw new Error("no port");
}
