/**
 * Finds streams: the query goes to the groups and the broadcast address of port 16571, and to the service ports of
 * known hosts; whoever matches answers to the port named in it. https://github.com/sccn/liblsl (resolver)
 */
import { PacketFault } from "../lost.ts";
import { bindUdp, closeUdp } from "../udp/sockets.ts";
import { readInfo, type StreamInfo } from "./stream-info.ts";

export const QUERY_PORT = 16_571;
export const GROUPS = ["224.0.0.183", "239.255.172.215"];
/** Service and data ports of streams are taken from these. */
export const FIRST_PORT = 16_572;
export const PORTS = 32;

export interface FoundStream {
  readonly info: StreamInfo;
  /** Where it answered from. */
  readonly host: string;
}

const WAVE_MS = 250;

/** `id`, end of line, XML. */
export function readAnswer(text: string): { id: string; info: StreamInfo } {
  const end = text.indexOf("\n");
  if (end < 0 || end > 64) throw new PacketFault("expected a query's number and a stream's info");
  return { id: text.slice(0, end).trim(), info: readInfo(text.slice(end + 1)) };
}

export interface ResolveOptions {
  readonly waitMs?: number;
  /** End at the first answer. */
  readonly first?: boolean;
  /** Hosts to ask beside this one. */
  readonly hosts?: readonly string[];
  /** `machine`: only this one and `hosts`. */
  readonly reach?: "network" | "machine";
}

/** Every stream that answers within `waitMs`; ends at the first when `first`. */
export async function resolveStreams(
  query: string,
  { waitMs = 1000, first = false, hosts = [], reach = "network" }: ResolveOptions = {},
): Promise<FoundStream[]> {
  const found = new Map<string, FoundStream>();
  const id = `${Math.abs(hash(query))}`;
  const socket = await bindUdp(0, "0.0.0.0", (bytes, from) => {
    try {
      const answer = readAnswer(bytes.toString("utf8"));
      if (answer.id === id && !found.has(answer.info.uid))
        found.set(answer.info.uid, { info: answer.info, host: from.address });
    } catch {
      // not an answer
    }
  });
  try {
    socket.setBroadcast(true);
    const message = `LSL:shortinfo\r\n${query}\r\n${socket.address().port} ${id}\r\n`;
    const send = (port: number, host: string) => socket.send(message, port, host, () => {});
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline && !(first && found.size > 0)) {
      if (reach === "network") for (const group of [...GROUPS, "255.255.255.255"]) send(QUERY_PORT, group);
      for (const host of new Set(["127.0.0.1", ...hosts]))
        for (let port = QUERY_PORT; port < FIRST_PORT + PORTS; port++) send(port, host);
      const waveEnd = Math.min(deadline, performance.now() + WAVE_MS);
      while (performance.now() < waveEnd && !(first && found.size > 0))
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await closeUdp(socket);
  }
  return [...found.values()];
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) | 0;
  return value;
}
