/** What goes on while stimulation is stopped: a flood of pages, of the thread that stimulates, or of both. */
import type { WebSocket } from "ws";
import type { Device } from "../../src/device/contract.ts";

/** The name of the run that goes on. */
export const LIVE = "live";

export interface Flood {
  readonly name: string;
  /** In the bench's own process: pages that flood the server, until they are told to end. */
  readonly pages?: (server: FloodedServer) => Promise<Flooding>;
  /**
   * In the thread that stimulates: what it asks of its device, again and again, beside one harmless pulse each time. A refusal
   * (`UnsafePulse`) may be thrown. `call` counts from 0 for every device.
   */
  readonly stimulate?: (device: Device, call: number) => Promise<void>;
}

export interface FloodedServer {
  /** Where the page is; holds the token. */
  readonly url: string;
  /** The run that goes on. */
  readonly live: string;
  /** A finished run with a recording, and how many stretches it has. */
  readonly saved: { readonly name: string; readonly segments: number };
}

export interface Flooding {
  /** A connection that floods: a stop from the page goes over it, behind the flood. */
  readonly page: WebSocket;
  end(): void;
}
