/**
 * Ends stimulation at a host, whoever has begun it: a hello and a cancel on a connection of one's own. A host that
 * serves another client stops that one's stimulation for good, and says so; one that is free has nothing to stop.
 */
import { connect } from "node:net";
import { DeviceLost } from "../lost.ts";
import type { LinkAddress } from "./connection.ts";
import { encodeMessage, LINK_VERSION, type Message, MessageReader } from "./messages.ts";

const PATIENCE_MS = 2000;

export async function stopLink({ host, port, token = "" }: LinkAddress): Promise<string> {
  const socket = connect(port, host);
  const where = `the device at ${host}:${port}`;
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new DeviceLost(`${where} ${why}`));
      const timer = setTimeout(() => fail("does not answer"), PATIENCE_MS);
      timer.unref();
      socket.on("error", (error) => fail(`cannot be reached (${error.message})`));
      socket.on("close", () => fail("closed the link before it had stopped"));
      const reader = new MessageReader();
      const act = (message: Message) => {
        if (message.type === "stopped") resolve(`stopped its client: ${message.text}`);
        else if (message.type === "welcome") resolve("no client was stimulating; all pulses cancelled");
        else if (message.type === "error") fail(message.text);
      };
      socket.on("data", (bytes) => {
        try {
          for (const message of reader.feed(bytes)) act(message);
        } catch (error) {
          fail(`sent what is no message: ${(error as Error).message}`);
        }
      });
      socket.write(encodeMessage({ type: "hello", version: LINK_VERSION, token }));
      socket.write(encodeMessage({ type: "cancel" }));
    });
  } finally {
    socket.destroy();
  }
}
