/** What a run of cultures and texts is given, of any kind. */
import type { TextCodec } from "../text/adavae/codec.ts";

export interface TextRunOptions {
  readonly folder: string;
  readonly codec: TextCodec;
  /** What the codec was trained on, and what it has not seen. */
  readonly training: readonly string[];
  readonly heldOut: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}
