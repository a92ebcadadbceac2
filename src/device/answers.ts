/** Whether anything is there: a TCP port that takes a connection, a UDP port that is sent to. */
import { connect } from "node:net";
import { bindUdp, closeUdp } from "./udp/sockets.ts";

const PATIENCE_MS = 400;

export function answersTcp(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: PATIENCE_MS });
    const end = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** Listens for a moment; false, too, where it cannot listen. */
export async function hearsUdp(port: number, address: string): Promise<boolean> {
  let heard: (there: boolean) => void = () => {};
  const there = new Promise<boolean>((resolve) => {
    heard = resolve;
    setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const multicast = Number(address.split(".")[0]) >= 224;
  const socket = await bindUdp(port, multicast ? "0.0.0.0" : address, () => heard(true), multicast).catch(
    () => undefined,
  );
  if (!socket) return false;
  try {
    if (multicast) socket.addMembership(address);
    return await there;
  } catch {
    return false;
  } finally {
    await closeUdp(socket);
  }
}
