/** What a run is called that was given no folder. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type Extension, reportedConfig } from "../extensions/extension.ts";
import type { OrganoidConfig } from "./config.ts";

/** The same experiment finds its own folder again, another gets another. */
export function defaultRunName(config: OrganoidConfig, extensions?: readonly Extension[]): string {
  const name =
    basename(config.series)
      .replace(/\.[^.]*$/, "")
      .replace(/[^\w-]+/g, "-") || "series";
  const mark = createHash("sha256")
    .update(JSON.stringify(reportedConfig(config, extensions)))
    .digest("hex")
    .slice(0, 8);
  return `${name}-${mark}`;
}
