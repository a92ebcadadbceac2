/** A part of an experiment: some of its seeds, as a run of its own. */
import { RunError } from "../error.ts";
import type { OrganoidConfig } from "../organoid/config.ts";

/** Seeds of a part; `part` counts from 1. Throws `RunError` where there are not so many. */
export function shardOf<Config extends Pick<OrganoidConfig, "seeds" | "firstSeed">>(
  config: Config,
  part: number,
  parts: number,
): Config {
  const { seeds, firstSeed } = config;
  if (parts > seeds)
    throw new RunError(
      `--shard ${part}/${parts}: expected at most ${seeds} parts, for the experiment has so many seeds, got ${parts}; ask for more --seeds`,
    );
  const from = Math.floor(((part - 1) * seeds) / parts);
  const until = Math.floor((part * seeds) / parts);
  return { ...config, firstSeed: firstSeed + from, seeds: until - from };
}
