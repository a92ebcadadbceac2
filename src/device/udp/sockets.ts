/** UDP sockets, bound and closed as promises. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";

export type OnPacket = (bytes: Buffer, from: RemoteInfo) => void;

/** What a driver needs of a bound socket; tests give their own network. */
export interface UdpPort {
  send(bytes: Uint8Array, port: number, host: string, done: () => void): void;
  address(): { readonly port: number };
  close(done: () => void): void;
}

/** A socket that hears packets on a port; 0 for any free one. */
export async function bindUdp(
  port: number,
  host: string,
  onPacket: OnPacket,
  reuse = false,
): Promise<Socket> {
  const socket = createSocket({ type: "udp4", reuseAddr: reuse });
  socket.on("message", onPacket);
  socket.bind(port, host);
  await once(socket, "listening"); // an "error" before that rejects
  socket.on("error", () => {}); // one peer's refusal is not the end of a socket without connections
  return socket;
}

export async function closeUdp(...sockets: readonly (Pick<UdpPort, "close"> | undefined)[]): Promise<void> {
  await Promise.all(
    sockets.map((socket) => socket && new Promise<void>((resolve) => socket.close(() => resolve()))),
  );
}
