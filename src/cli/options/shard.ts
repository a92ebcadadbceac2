/** `--shard i/n`: one of n parts of an experiment, by its seeds. */
import { shardOf } from "../../experiment/merge/part.ts";
import type { OrganoidConfig } from "../../experiment/organoid/config.ts";
import { wrongOption } from "../manners/errors.ts";

export function shardedBy(shard: string | undefined, config: OrganoidConfig): OrganoidConfig {
  if (shard === undefined) return config;
  const [, part, parts] = (/^(\d{1,6})\/(\d{1,6})$/.exec(shard) ?? []).map(Number);
  if (part === undefined || parts === undefined || part < 1 || part > parts)
    throw wrongOption("--shard", "a part and the number of parts, such as 3/20", shard);
  return shardOf(config, part, parts);
}
