/**
 * What the ZMQ Interface of the Open Ephys GUI publishes: messages of two or three parts: an envelope, a JSON
 * header, and data (f32 microvolts of one channel; of a spike its waveform).
 * https://open-ephys.github.io/gui-docs/User-Manual/Plugins/ZMQ-Interface.html
 */
import { z } from "zod";
import { PacketFault } from "../lost.ts";

const index = z.int().min(0);

const header = z.object({
  message_num: index.optional(),
  type: z.string(),
  content: z.unknown().optional(),
  spike: z.unknown().optional(),
});

const dataContent = z.object({
  stream: z.string().default(""),
  channel_num: index.max(65_535),
  num_samples: index.max(1_000_000),
  sample_num: index,
  sample_rate: z.number().positive().max(1e6),
});

const spikeContent = z.object({
  stream: z.string().default(""),
  electrode: z.union([z.string(), index]).transform(String),
  sample_num: index,
});

export type GuiMessage =
  | {
      readonly kind: "data";
      readonly stream: string;
      readonly channel: number;
      readonly sampleNumber: number;
      readonly samplesPerSecond: number;
      /** Microvolts. */
      readonly samples: Float32Array;
    }
  | {
      readonly kind: "spike";
      readonly stream: string;
      readonly electrode: string;
      readonly sampleNumber: number;
    }
  /** Events and parameters, which no reader of spikes needs. */
  | { readonly kind: "other"; readonly type: string };

export function decodeGuiMessage(parts: readonly Uint8Array[]): GuiMessage {
  if (parts.length < 2 || parts.length > 3)
    throw new PacketFault(`expected a message of 2 or 3 parts, got ${parts.length}`);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(parts[1]).toString("utf8"));
  } catch {
    throw new PacketFault("expected a header in JSON, got something else");
  }
  const { type, content, spike } = parse(header, json, "header");
  if (type === "data") {
    const about = parse(dataContent, content, "data");
    const bytes = parts[2];
    if (bytes?.length !== 4 * about.num_samples)
      throw new PacketFault(
        `expected ${about.num_samples} samples of 4 bytes, got ${bytes?.length ?? 0} bytes`,
      );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return {
      kind: "data",
      stream: about.stream,
      channel: about.channel_num,
      sampleNumber: about.sample_num,
      samplesPerSecond: about.sample_rate,
      samples: Float32Array.from({ length: about.num_samples }, (_, i) => view.getFloat32(4 * i, true)),
    };
  }
  if (type === "spike") {
    const about = parse(spikeContent, spike ?? content, "spike");
    return {
      kind: "spike",
      stream: about.stream,
      electrode: about.electrode,
      sampleNumber: about.sample_num,
    };
  }
  return { kind: "other", type };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PacketFault(`${what}: ${issue!.path.join(".") || what}: ${issue!.message}`);
}
