/** What lies beside the page of a run's site. */
import type { ServerMessage } from "../protocol.ts";

/** `run.js` sets `wetgradRun` to this. */
export interface SiteRun {
  readonly messages: readonly ServerMessage[];
}

/** The page's own files, as the build makes them (scripts/site.mjs). */
export const SITE_FILES = ["index.html", "site.js"] as const;
