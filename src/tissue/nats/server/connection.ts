/**
 * The connection to the NATS server. Whoever can publish there can stimulate, so an address beyond this machine is
 * taken only with TLS and credentials.
 */
import { readFileSync } from "node:fs";
import {
  type Authenticator,
  connect,
  credsAuthenticator,
  type NatsConnection,
  tokenAuthenticator,
} from "@nats-io/transport-node";

export interface NatsOptions {
  /** `nats://host:port` or `tls://host:port`. */
  readonly url: string;
  /** File of the user's credentials (JWT and seed, as the NATS tools write them). */
  readonly credsFile?: string;
  /** File that holds a token and nothing else. */
  readonly tokenFile?: string;
  /** File of the certificates that the server's is to be checked against. */
  readonly caFile?: string;
  /** Shown by the server in its list of connections. */
  readonly name?: string;
}

/** Something about the server or the way to it that the user can change. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

const DEFAULT_PORT = "4222";
const RECONNECT_MS = 250;

/** Connects, and from then on reconnects for as long as it takes. */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const { host, port, secure } = addressOf(options);
  const authenticator = authenticatorOf(options);
  const tls = options.caFile === undefined ? {} : { ca: readFileSync(options.caFile, "utf8") };
  try {
    return await connect({
      servers: `${host.includes(":") ? `[${host}]` : host}:${port}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      ignoreClusterUpdates: !secure,
      ...(authenticator && { authenticator }),
      ...(secure && { tls }),
      ...(options.name !== undefined && { name: options.name }),
    });
  } catch (error) {
    const { message, cause } = error as Error;
    const why =
      cause instanceof Error && !message.includes(cause.message) ? `${message}: ${cause.message}` : message;
    throw new NetworkError(
      `--nats ${options.url}: cannot connect (${why}); expected a NATS server with JetStream there, such as nats-server -js`,
    );
  }
}

/** Checks the address, and that nothing travels in the clear beyond this machine. */
export function addressOf({ url, credsFile, tokenFile, caFile }: NatsOptions) {
  const match = /^(nats|tls):\/\/(\[[0-9a-f:]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?\/?$/i.exec(url);
  if (!match)
    throw new NetworkError(
      `--nats: expected nats://HOST:PORT or tls://HOST:PORT, got ${JSON.stringify(url.replace(/\/\/[^/@]*@/, "//...@"))}`,
    );
  const secure = match[1].toLowerCase() === "tls";
  const host = match[2].replace(/^\[|\]$/g, "").toLowerCase();
  if (caFile !== undefined && !secure)
    throw new NetworkError(`--nats-ca: expected with a tls:// address, got ${url}`);
  if (credsFile !== undefined && tokenFile !== undefined)
    throw new NetworkError("expected one of --nats-creds and --nats-token-file, got both");
  if (!isLoopback(host) && !(secure && (credsFile ?? tokenFile) !== undefined))
    throw new NetworkError(
      `--nats ${url}: beyond this machine expected TLS and credentials (tls://, and --nats-creds or --nats-token-file), got ${secure ? "no credentials" : "no TLS"}: whoever reaches the server can stimulate`,
    );
  return { host, port: match[3] ?? DEFAULT_PORT, secure };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function authenticatorOf({ credsFile, tokenFile }: NatsOptions): Authenticator | undefined {
  if (credsFile !== undefined) return credsAuthenticator(readFileSync(credsFile));
  if (tokenFile !== undefined) return tokenAuthenticator(readFileSync(tokenFile, "utf8").trim());
  return undefined;
}
