/**
 * Who may look: whoever knows the token, which is the first part of every path, from a page that this server served. The
 * Host of a request must be one that the server was asked to answer to, so that a foreign name that is pointed at the
 * loopback address (DNS rebinding) finds nothing; the Origin of a WebSocket must be that same host.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";

/** Something in the way of serving that the user can change. */
export class DashboardError extends Error {
  override readonly name = "DashboardError";
}

const LEAST_TOKEN = 16;

export function randomToken(): string {
  return randomBytes(18).toString("base64url");
}

/** The token in a file: one line, of characters that a path can hold as they are. */
export function readToken(path: string): string {
  const token = readFileSync(path, "utf8").trim();
  if (!/^[\w-]+$/.test(token) || token.length < LEAST_TOKEN)
    throw new DashboardError(
      `--token-file ${path}: expected one line of at least ${LEAST_TOKEN} letters, digits, - or _; write one with: openssl rand -hex 16`,
    );
  return token;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

export class Access {
  private readonly digest: Buffer;
  private readonly names: ReadonlySet<string>;

  /** `host` is the address that is listened on. */
  constructor(
    token: string,
    private readonly host: string,
  ) {
    this.digest = sha256(token);
    this.names = new Set(isLoopback(host) ? ["localhost", "127.0.0.1", "[::1]", host] : [bracketed(host)]);
  }

  /** In time that tells nothing of the token. */
  knows(token: string): boolean {
    return timingSafeEqual(sha256(token), this.digest);
  }

  /** Whether a request's Host is ours. Listening on every address, any address (never a name) is. */
  answersTo(hostHeader: string | undefined): boolean {
    if (hostHeader === undefined) return false;
    const name = hostHeader.replace(/:\d+$/, "").toLowerCase();
    if (this.names.has(name)) return true;
    const everywhere = this.host === "0.0.0.0" || this.host === "::";
    return everywhere && (isIP(name.replace(/^\[|\]$/g, "")) !== 0 || name === "localhost");
  }

  /** Whether a WebSocket was opened by a page of this server. */
  isOwn(origin: string | undefined, hostHeader: string | undefined): boolean {
    if (origin === undefined || !this.answersTo(hostHeader)) return false;
    return origin === `http://${hostHeader}` || origin === `https://${hostHeader}`;
  }
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
