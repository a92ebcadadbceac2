/** Growth over days as a film: to come with the server's plan of it. */
import type { RunMessage } from "../../protocol.ts";

export function Growth(_: { readonly run: RunMessage; readonly culture: number }) {
  return null;
}
