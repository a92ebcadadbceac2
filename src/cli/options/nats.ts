/** The options of every command that goes to a NATS server. */
import type { Command } from "commander";
import type { NatsOptions } from "../../tissue/nats/server/connection.ts";

export interface NatsFlags {
  readonly nats?: string;
  readonly natsCreds?: string;
  readonly natsTokenFile?: string;
  readonly natsCa?: string;
}

export function withNatsOptions(command: Command): Command {
  return command
    .option("--nats <url>", "NATS server with JetStream: nats://HOST:PORT, or tls:// beyond this machine")
    .option("--nats-creds <file>", "credentials of a NATS user (JWT and seed)")
    .option("--nats-token-file <file>", "file that holds the server's token")
    .option("--nats-ca <file>", "certificates to check the server's against, with tls://");
}

/** Undefined where no `--nats` is given. */
export function natsOptionsOf({
  nats,
  natsCreds,
  natsTokenFile,
  natsCa,
}: NatsFlags): NatsOptions | undefined {
  if (nats === undefined) return undefined;
  return {
    url: nats,
    ...(natsCreds !== undefined && { credsFile: natsCreds }),
    ...(natsTokenFile !== undefined && { tokenFile: natsTokenFile }),
    ...(natsCa !== undefined && { caFile: natsCa }),
  };
}
