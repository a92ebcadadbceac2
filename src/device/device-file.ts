/**
 * The device file: what a laboratory knows of its array and no protocol tells. JSON, every field optional; without
 * it electrodes are of unknown material, and the safety gate lets no pulse through.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { DeviceProfile, Electrode, Preparation } from "./contract.ts";
import { DeviceError } from "./lost.ts";

const positive = z.number().positive();
const channel = z.int().min(0).max(65_535);
const material = z.enum([
  "platinum",
  "platinum-black",
  "titanium-nitride",
  "iridium-oxide",
  "pedot",
  "unknown",
]);

/** A pulse that a device must be told before it runs, and the key that sets it off. */
const trigger = z.strictObject({
  key: z.enum(["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8"]),
  channels: z.array(channel).min(1),
  phases: z
    .array(z.strictObject({ currentUa: z.number(), durationUs: positive }))
    .min(2)
    .max(3),
});

const schema = z.strictObject({
  /** What names the device on this machine, however it is reached: its books stand under this name. */
  device: z.string().min(1).max(200).optional(),
  /** What the array is attached to. */
  preparation: z.enum(["simulated", "in-vitro", "person"]).optional(),
  /** Geometric area and material of every electrode. */
  areaUm2: positive.optional(),
  material: material.optional(),
  /** Electrodes stand in columns of this many, top to bottom, then left to right. */
  rows: z.int().positive().optional(),
  pitchUm: positive.optional(),
  /** Single electrodes that differ, or whose place or name is known. */
  electrodes: z
    .array(
      z.strictObject({
        channel,
        name: z.string().min(1).optional(),
        xUm: z.number().optional(),
        yUm: z.number().optional(),
        areaUm2: positive.optional(),
        material: material.optional(),
      }),
    )
    .optional(),
  /** Channels never to stimulate: ground, reference. */
  reservedChannels: z.array(channel).optional(),
  /** What the hardware itself can send. */
  hardware: z
    .strictObject({
      maxCurrentUa: positive,
      maxChargePerPhaseNc: positive,
      maxElectrodesAtOnce: z.int().positive().optional(),
    })
    .optional(),
  triggers: z.array(trigger).max(8).optional(),
});

export type DeviceFile = z.infer<typeof schema>;
export type Trigger = z.infer<typeof trigger>;

/** Area of an electrode nobody has described; with material `unknown` it is never stimulated. */
const UNKNOWN = { areaUm2: 1, material: "unknown" } as const;
const PITCH_UM = 200;

export function readDeviceFile(path: string): DeviceFile {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DeviceError(`${path}: expected a device file in JSON, got something else (${error.message})`);
  }
  return parseDeviceFile(given, path);
}

export function parseDeviceFile(given: unknown, name: string): DeviceFile {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new DeviceError(`${name}: ${issue!.path.join(".") || "device file"}: ${issue!.message}`);
}

/** What names a physical device: what its file says, or its kind and where it is. */
export function deviceIdOf(kind: string, where = "127.0.0.1", { device }: DeviceFile = {}): string {
  const here = /^(localhost|::1)(?=-|$)/i;
  return device ?? `${kind}-${where.toLowerCase().replace(here, "127.0.0.1")}`;
}

/** A profile of these channels, as the device file describes them. */
export function profileOf<P extends Preparation>(
  about: { readonly name: string; readonly framesPerSecond: number; readonly preparation: P },
  channels: readonly number[],
  file: DeviceFile,
): DeviceProfile & { readonly preparation: P } {
  const known = new Set(channels);
  for (const mentioned of [
    ...(file.reservedChannels ?? []),
    ...(file.electrodes ?? []).map((electrode) => electrode.channel),
    ...(file.triggers ?? []).flatMap((one) => one.channels),
  ])
    if (!known.has(mentioned))
      throw new DeviceError(
        `device file: ${about.name} has no channel ${mentioned} (it has ${channels[0]} to ${channels.at(-1)})`,
      );
  return {
    ...about,
    electrodes: channels.map((number, i) => electrodeOf(number, i, channels.length, file)),
    reservedChannels: file.reservedChannels ?? [],
    ...(file.hardware ? { hardware: file.hardware } : {}),
  };
}

function electrodeOf(number: number, index: number, count: number, file: DeviceFile): Electrode {
  const { rows = Math.ceil(Math.sqrt(count)), pitchUm = PITCH_UM } = file;
  const own = file.electrodes?.find((electrode) => electrode.channel === number);
  return {
    channel: number,
    xUm: own?.xUm ?? Math.floor(index / rows) * pitchUm,
    yUm: own?.yUm ?? (index % rows) * pitchUm,
    areaUm2: own?.areaUm2 ?? file.areaUm2 ?? UNKNOWN.areaUm2,
    material: own?.material ?? file.material ?? UNKNOWN.material,
  };
}
