/** What a vat is called that was given no name. */
import { createHash } from "node:crypto";
import type { VatConfig } from "./config.ts";

/** The same experiment finds its own run again, another gets another. */
export function vatName(config: VatConfig): string {
  return `${config.task}-${createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 8)}`;
}

/** Of its folder. */
export const vatRunName = (config: VatConfig) => `vat-${vatName(config)}`;
