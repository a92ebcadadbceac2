/** What a vat is called that was given no name. */
import { createHash } from "node:crypto";
import { type Extension, reportedConfig } from "../extensions/extension.ts";
import type { VatConfig } from "./config.ts";

/** The same experiment finds its own run again, another gets another. */
export function vatName(config: VatConfig, extensions?: readonly Extension[]): string {
  const text = JSON.stringify(reportedConfig(config, extensions));
  return `${config.task}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

/** Of its folder. */
export function vatRunName(config: VatConfig, extensions?: readonly Extension[]): string {
  return `vat-${vatName(config, extensions)}`;
}
