/**
 * The pieces every NWB object is made of: typed groups with namespace, neurodata_type and object_id, text, object
 * references and links. Object ids are derived from the session's identifier and the object's path, so that the
 * same run writes the same bytes.
 */
import { createHash } from "node:crypto";
import type { Dataset, File, Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";

export type Namespace = "core" | "hdmf-common";

/** A version-8 (custom) UUID, RFC 9562, from a SHA-256 of the session identifier and the object's path. */
function objectId(identifier: string, path: string): string {
  const bytes = createHash("sha256").update(`${identifier}\0${path}`).digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** What an NWB object is. */
export interface NwbType {
  readonly namespace: Namespace;
  /** Its neurodata_type. */
  readonly type: string;
  readonly attributes?: Readonly<Record<string, string | string[]>>;
}

/** Marks a group or dataset as an NWB object. */
export function stamp(
  object: Group | Dataset | File,
  identifier: string,
  { namespace, type, attributes = {} }: NwbType,
): void {
  object.create_attribute("namespace", namespace);
  object.create_attribute("neurodata_type", type);
  object.create_attribute("object_id", objectId(identifier, object.path));
  for (const [name, value] of Object.entries(attributes)) object.create_attribute(name, value);
}

/** A typed group. */
export function typedGroup(parent: Group, name: string, identifier: string, type: NwbType): Group {
  if (!/^[^/:]+$/.test(name))
    throw new RecordingError(`NWB: expected a name without "/" and ":", got "${name}"`);
  const group = parent.create_group(name);
  stamp(group, identifier, type);
  return group;
}

/** A scalar text dataset. */
export function text(parent: Group, name: string, value: string): Dataset {
  return parent.create_dataset({ name, data: value, shape: [] });
}

/** A scalar attribute that refers to another object. */
export function reference(object: Group | Dataset, name: string, target: Group | Dataset): void {
  object.create_attribute(name, target.create_reference(), []);
}
