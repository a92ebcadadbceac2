/** What `wetgrad serve` and `--live` share: where the dashboard listens, who may look, and what is said of it. */
import type { Command } from "commander";
import type { RunHost } from "../../dashboard/runs/host.ts";
import type { Dashboard } from "../../dashboard/server/server.ts";
import { UsageError } from "../manners/errors.ts";
import { numberOf } from "../options/numbers.ts";

export interface LiveOptions {
  readonly livePort?: string;
  readonly port?: string;
  readonly host?: string;
  readonly tokenFile?: string;
}

const LOOPBACK = "127.0.0.1";

/** Adds the options of where the page is served. */
export function withLiveOptions(command: Command, port: "--port" | "--live-port"): Command {
  return command
    .option(`${port} <n>`, "port of the page; 0 for any free one (default: 0)")
    .option("--host <address>", `address to serve the page on (default: ${LOOPBACK}, this machine alone)`)
    .option("--token-file <file>", "file with the page's token; needed with --host");
}

/** Checks the options before any work is done. */
export async function checkedAccess(options: LiveOptions) {
  const flag = options.livePort === undefined ? "--port" : "--live-port";
  const port = numberOf(options.livePort ?? options.port ?? "0", flag, { min: 0, max: 65_535, whole: true });
  const host = options.host ?? LOOPBACK;
  const { isLoopback, randomToken, readToken } = await import("../../dashboard/server/access.ts");
  if (!isLoopback(host) && options.tokenFile === undefined)
    throw new UsageError(
      `--host ${host}: expected --token-file beside it, got none; write one with: openssl rand -hex 16 > token`,
    );
  const token = options.tokenFile === undefined ? randomToken() : readToken(options.tokenFile);
  return { host, port, token, isOpen: !isLoopback(host) };
}

/** Serves the page and says where. */
export async function startDashboard(
  access: Awaited<ReturnType<typeof checkedAccess>>,
  runs: RunHost,
  say: (line: string) => void,
): Promise<Dashboard> {
  const { serveDashboard } = await import("../../dashboard/server/server.ts");
  const dashboard = await serveDashboard({ ...access, runs });
  if (access.isOpen)
    say(
      `warning: the page is served to the network without TLS: who can listen to it can read the token and stop or start runs; put a TLS proxy before it`,
    );
  return dashboard;
}
