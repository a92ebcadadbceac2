/**
 * The local clock of the Lab Streaming Layer (a steady clock, seconds), and how far another's is from it, measured as
 * NTP does: of several exchanges the one with the shortest way. https://www.rfc-editor.org/rfc/rfc5905 (section 8),
 * https://labstreaminglayer.readthedocs.io/info/time_synchronization.html
 */
import { PacketFault } from "../lost.ts";
import { bindUdp, closeUdp } from "../udp/sockets.ts";

export function localClockS(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

export interface TimeCorrection {
  /** Add to a time of the other's clock to have it in the local one. */
  readonly offsetS: number;
  /** Of the exchange it was measured by; the offset is right within half of it. */
  readonly roundTripS: number;
}

const PROBES = 8;
const INTERVAL_MS = 20;
const PATIENCE_MS = 400;

/** "wave t0": sent at t0 of the asker's clock. */
export function readTimeRequest(text: string): { wave: string; t0: number } {
  const [wave = "", t0 = ""] = text.trim().split(/\s+/);
  if (!/^-?\d{1,12}$/.test(wave) || !Number.isFinite(Number(t0 || Number.NaN)))
    throw new PacketFault("expected a number and a time in a time request");
  return { wave, t0: Number(t0) };
}

/** " wave t0 t1 t2": received at t1 and answered at t2 of the other's clock. */
export function readTimeReply(text: string): { wave: number; t0: number; t1: number; t2: number } {
  const parts = text.trim().split(/\s+/).map(Number);
  if (parts.length !== 4 || !parts.every(Number.isFinite))
    throw new PacketFault("expected a number and three times in a time reply");
  const [wave, t0, t1, t2] = parts as [number, number, number, number];
  return { wave, t0, t1, t2 };
}

/** Asks a stream's service port for its time; undefined where it does not answer. */
export async function measureCorrection(host: string, port: number): Promise<TimeCorrection | undefined> {
  const wave = Math.floor(localClockS() * 1e3) % 1e9;
  let best: TimeCorrection | undefined;
  let answered = 0;
  const socket = await bindUdp(0, "0.0.0.0", (bytes) => {
    const t3 = localClockS();
    try {
      const reply = readTimeReply(bytes.toString("latin1"));
      if (reply.wave !== wave) return;
      answered++;
      const roundTripS = t3 - reply.t0 - (reply.t2 - reply.t1);
      const offsetS = -(reply.t1 - reply.t0 + (reply.t2 - t3)) / 2;
      if (!best || roundTripS < best.roundTripS) best = { offsetS, roundTripS };
    } catch {
      // not a reply
    }
  });
  try {
    for (let i = 0; i < PROBES; i++) {
      socket.send(`LSL:timedata\r\n${wave} ${localClockS()}\r\n`, port, host, () => {});
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
    for (let waited = 0; answered < PROBES && waited < PATIENCE_MS; waited += INTERVAL_MS)
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  } finally {
    await closeUdp(socket);
  }
  return best;
}
