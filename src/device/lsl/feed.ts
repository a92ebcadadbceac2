/**
 * The words of a feed over TCP: the inlet asks `LSL:streamfeed/110 uid` with headers, the outlet answers
 * `LSL/110 200 OK` with headers, then come two test-pattern samples, then samples. https://github.com/sccn/liblsl
 */
import { PacketFault } from "../lost.ts";
import { SIZES } from "./samples.ts";
import type { StreamInfo } from "./stream-info.ts";

const PROTOCOL = 110;
const LITTLE_ENDIAN = 1234;
const BIG_ENDIAN = 4321;
export const MAX_HEAD_BYTES = 16_384;

export function feedRequest(info: StreamInfo, maxBufferedSamples: number): string {
  return [
    `LSL:streamfeed/${PROTOCOL} ${info.uid}`,
    `Native-Byte-Order: ${LITTLE_ENDIAN}`,
    "Endian-Performance: 0",
    "Has-IEEE754-Floats: 1",
    "Supports-Subnormals: 1",
    `Value-Size: ${SIZES[info.format]}`,
    `Data-Protocol-Version: ${PROTOCOL}`,
    `Max-Buffer-Length: ${maxBufferedSamples}`,
    "Max-Chunk-Length: 0",
    `Hostname: ${info.hostname}`,
    `Source-Id: ${info.sourceId}`,
    "Session-Id: default",
    "",
    "",
  ].join("\r\n");
}

export function feedResponse(uid: string): string {
  return [
    `LSL/${PROTOCOL} 200 OK`,
    `UID: ${uid}`,
    `Byte-Order: ${LITTLE_ENDIAN}`,
    "Suppress-Subnormals: 0",
    `Data-Protocol-Version: ${PROTOCOL}`,
    "",
    "",
  ].join("\r\n");
}

export interface FeedHead {
  readonly littleEndian: boolean;
  /** Bytes up to and with the empty line. */
  readonly bytes: number;
}

/** Reads an outlet's answer; undefined while it is not whole. */
export function readFeedHead(bytes: Buffer, uid: string): FeedHead | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) {
    if (bytes.length > MAX_HEAD_BYTES)
      throw new PacketFault("expected an answer to a feed, got something else");
    const text = bytes.toString("latin1", 0, 64);
    if (bytes.length >= 4 && !text.startsWith("LSL/"))
      throw new PacketFault("expected an LSL outlet's answer");
    // Refusals come as one line.
    if (/^LSL\/\d+ [45]\d\d /.test(text)) throw new PacketFault(`refuses the feed: ${text.trim()}`);
    return undefined;
  }
  const [status = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const [name = "", value = ""] = line.split(/:(.*)/s);
      return [name.trim().toLowerCase(), value.split(";")[0].trim()] as const;
    }),
  );
  if (!/^LSL\/\d+ 200 /.test(`${status} `)) throw new PacketFault(`refuses the feed: ${status.slice(0, 80)}`);
  const version = Number(headers.get("data-protocol-version") ?? 100);
  if (version !== PROTOCOL)
    throw new PacketFault(
      `speaks protocol ${version / 100} of samples, expected 1.1; update its LSL library`,
    );
  if ((headers.get("uid") ?? uid).toLowerCase() !== uid.toLowerCase())
    throw new PacketFault("serves another stream; resolve it again");
  const order = Number(headers.get("byte-order") ?? LITTLE_ENDIAN);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN && order !== 0)
    throw new PacketFault(`sends bytes in the order ${order}, expected 1234 or 4321`);
  return { littleEndian: order !== BIG_ENDIAN, bytes: end + 4 };
}
