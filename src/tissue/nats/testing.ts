/** For tests and benchmarks: a NATS server of their own, and host processes that can be stopped and killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface TestServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Kills the server and starts it again, on the same port with the same files, after a pause. */
  restart(pauseMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts nats-server with JetStream on a free port, its files in a folder that `stop` deletes. */
export async function startServer(
  args: readonly string[] = [],
  { jetStream = true } = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-nats-"));
  const port = await freePort();
  const start = async () => {
    const own = ["-a", "127.0.0.1", "-p", `${port}`, ...(jetStream ? ["-js", "-sd", folder] : [])];
    const server = spawn("nats-server", [...own, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    await new Promise<void>((resolve, reject) => {
      server.stderr.on("data", (data) => {
        log += data;
        if (log.includes("Server is ready")) resolve();
      });
      server.on("error", ({ message }) =>
        reject(
          new Error(`${message}: expected nats-server on the PATH; install it (apt-get install nats-server)`),
        ),
      );
      server.on("exit", () => reject(new Error(`nats-server: ${log}`)));
    });
    return server;
  };
  let server = await start();
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    get process() {
      return server;
    },
    async restart(pauseMs) {
      await stop();
      await pause(pauseMs);
      server = await start();
    },
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

export interface TestProcess {
  readonly process: ChildProcess;
  /** The JSON lines that it has printed. */
  readonly events: Record<string, unknown>[];
  /** Waits for an event. */
  until(wanted: (event: Record<string, unknown>) => boolean): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program, from the build or (a `.ts`) from its source, and reads its events. */
export function startProgram(script: string, args: readonly string[]): TestProcess {
  const loader = script.endsWith(".ts") ? ["--import", "tsx"] : [];
  const child = spawn(process.execPath, [...loader, script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const events: Record<string, unknown>[] = [];
  let pending = "";
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  child.stdout.on("data", (data) => {
    const lines = (pending + data).split("\n");
    pending = lines.pop()!;
    for (const line of lines) events.push(JSON.parse(line));
    child.emit("event");
  });
  child.on("exit", () => child.emit("event"));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    events,
    async until(wanted) {
      while (!events.some(wanted)) {
        if (ended()) throw new Error(`${script} ended: ${errors}`);
        await once(child, "event");
      }
    },
    async kill(signal = "SIGKILL") {
      if (ended()) return;
      child.kill(signal);
      await once(child, "exit");
    },
  };
}

/** The lines of a host's journal. */
export function readJournal(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
