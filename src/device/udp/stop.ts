/** Ends stimulation on an interface, whoever has begun it: a packet without rates, and an interrupt of everything. */
import { CL1_CHANNELS, CL1_GROUND, CL1_REFERENCE } from "../../recording/cl1/layout.ts";
import type { InterfacePorts } from "./layout.ts";
import { encodeFeedback, encodeStimulation, SETS } from "./packets.ts";
import { bindUdp, closeUdp } from "./sockets.ts";

/** Datagrams can be lost. */
const TIMES = 3;

export async function interruptUdp(host: string, ports: InterfacePorts): Promise<void> {
  const reserved = [...CL1_GROUND, CL1_REFERENCE];
  const channels = Array.from({ length: CL1_CHANNELS }, (_, channel) => channel);
  const timeUs = Date.now() * 1000;
  const silence = Array<number>(SETS).fill(0);
  const packets: [Uint8Array, number][] = [
    [encodeStimulation({ timeUs, ratesHz: silence, currentsUa: silence }), ports.stimulation],
    [
      encodeFeedback({
        timeUs,
        kind: "interrupt",
        rateHz: 0,
        currentUa: 0,
        pulses: 0,
        unpredictable: false,
        name: "stop",
        channels: channels.filter((channel) => !reserved.includes(channel)),
      }),
      ports.feedback,
    ],
  ];
  const socket = await bindUdp(0, "0.0.0.0", () => {});
  try {
    for (let i = 0; i < TIMES; i++)
      for (const [bytes, port] of packets)
        await new Promise<void>((resolve, reject) =>
          socket.send(bytes, port, host, (error) => (error ? reject(error) : resolve())),
        );
  } finally {
    await closeUdp(socket);
  }
}
