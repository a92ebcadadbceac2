/** Files of one's own that a run uses (`--with`): ES modules that register tasks and methods. */
import { z } from "zod";

export const extensionsSchema = z.array(z.object({ file: z.string(), sha256: z.string() })).readonly();

/** A file as it was loaded. Only its own bytes are hashed, not those of what it imports. */
export type Extension = z.infer<typeof extensionsSchema>[number];

/** A configuration as a report tells it. */
export type Reported<Config> = Config & { readonly with?: readonly Extension[] };

export function reportedConfig<Config extends object>(
  config: Config,
  extensions: readonly Extension[] = [],
): Reported<Config> {
  return extensions.length > 0 ? { ...config, with: extensions } : config;
}

/** `--with a.mjs,b.mjs`: for a command line that loads these. */
export function withOption(extensions: readonly Extension[]): string {
  return `--with ${extensions.map(({ file }) => file).join(",")}`;
}
