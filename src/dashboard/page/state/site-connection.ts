/**
 * In place of connection.ts where there is no server: one finished run, whose messages and stretches of recording lie beside the page as
 * scripts (src/dashboard/static), so that a folder of files, opened from the disk or any static host, shows it.
 */
import { decodeFrame } from "../../../experiment/live/frames.ts";
import { type ClientMessage, serverMessage } from "../../protocol.ts";
import type { SiteRun } from "../../static/contents.ts";
import { changed, forgetShown, shownModel } from "./shown.ts";

export { useModel } from "./shown.ts";

export const isSite = true;

const site = globalThis as {
  wetgradRun?: SiteRun;
  /** Called by the script of a stretch: its frames, base64. */
  wetgradStretch?: (index: number, frames: readonly string[]) => void;
};
let isShown = false;
let newest = -1;

site.wetgradStretch = (index, frames) => {
  // What was asked for before is not shown any more.
  if (index !== newest) return;
  for (const frame of frames) shownModel().onFrame(decodeFrame(bytesOf(frame).buffer));
  changed();
};

export function connect(_run: string): void {
  if (isShown) return;
  isShown = true;
  const model = forgetShown();
  model.isConnected = true;
  for (const message of site.wetgradRun?.messages ?? []) model.on(serverMessage.parse(message));
  changed();
}

/** Of all that a page may ask, a site can only show a stretch of its recording. */
export function send(message: ClientMessage): void {
  if (message.kind !== "segment") return;
  newest = message.index;
  const script = document.createElement("script");
  script.src = `stretches/${message.index}.js`;
  script.onload = () => script.remove();
  document.head.append(script);
}

export function want(_cultures: readonly number[]): void {}

export function stopNow(): void {}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
