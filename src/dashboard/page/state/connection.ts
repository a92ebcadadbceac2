/** The WebSocket to the server: what it says goes into the model of the run that is shown. */
import { decodeFrame } from "../../../experiment/live/frames.ts";
import { type ClientMessage, serverMessage } from "../../protocol.ts";
import { go, readRoute } from "./route.ts";
import { changed, forgetShown, shownModel } from "./shown.ts";

export { useModel } from "./shown.ts";

const RETRY_MS = 1000;

/** Whether the page is of one finished run, without a server (site-connection.ts). */
export const isSite = false;

let socket: WebSocket | null = null;
let shown: string | null = null;
let wanted: readonly number[] = [];

/** Shows the run of a name; of none, the list of all. */
export function connect(run: string): void {
  if (run === shown) return;
  shown = run;
  forgetShown();
  changed();
  socket?.close();
  open(run);
}

function open(run: string): void {
  const address = new URL(`live?run=${encodeURIComponent(run)}`, location.href.split("#")[0]);
  address.protocol = address.protocol.replace("http", "ws");
  const mine = new WebSocket(address);
  mine.binaryType = "arraybuffer";
  socket = mine;
  const isMine = () => socket === mine;
  mine.onopen = () => {
    if (!isMine()) return;
    // What still holds is told again from the beginning.
    const model = shownModel().version > 0 ? forgetShown() : shownModel();
    model.isConnected = true;
    send({ kind: "watch", cultures: [...wanted] });
    changed();
  };
  mine.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (!isMine()) return;
    if (typeof data === "string") hear(data);
    else shownModel().onFrame(decodeFrame(data));
    changed();
  };
  mine.onclose = ({ reason }) => {
    if (!isMine()) return;
    const model = shownModel();
    model.isConnected = false;
    if (reason) model.refused = { kind: "refused", message: reason, path: "" };
    changed();
    setTimeout(() => isMine() && open(run), RETRY_MS);
  };
}

function hear(data: string): void {
  const message = serverMessage.parse(JSON.parse(data));
  if (message.kind === "started") {
    shown = null;
    go({ view: "culture", run: message.name, chosen: {} });
    connect(message.name); // Also where the address stays: the run that is shown goes on.
    return;
  }
  shownModel().on(message);
  // Where no run is named and one is going on, that is what people came for.
  if (message.kind === "runs" && message.live && readRoute().run === "") go({ run: message.live });
}

export function send(message: ClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Which cultures' frames are drawn; none while the page is hidden. */
export function want(cultures: readonly number[]): void {
  wanted = cultures;
  send({ kind: "watch", cultures: document.hidden ? [] : [...cultures] });
}

document.addEventListener("visibilitychange", () => want(wanted));

/** Stimulation off at once. */
export function stopNow(): void {
  send({ kind: "stop", atMs: performance.timeOrigin + performance.now() });
}
