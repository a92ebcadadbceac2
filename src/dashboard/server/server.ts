/**
 * The dashboard's server: the page's files under a path that begins with the token, and one WebSocket per page. It
 * makes no request of its own, and its pages may make none but to it.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { WebSocketServer } from "ws";
import type { RunHost } from "../runs/host.ts";
import { Access, DashboardError } from "./access.ts";
import { pageFile } from "./files.ts";
import { talk } from "./talk.ts";

export interface DashboardOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly token: string;
  readonly runs: RunHost;
}

export interface Dashboard {
  /** Where the page is; holds the token. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Nothing but what this server serves; styles of single elements are set by figures. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const LARGEST_MESSAGE = 64 * 1024;

export async function serveDashboard({ host, port, token, runs }: DashboardOptions): Promise<Dashboard> {
  const access = new Access(token, host);
  const app = new Hono();
  app.use(async (context, next) => {
    if (!access.answersTo(context.req.header("host"))) return context.text("not this host\n", 421);
    await next();
    context.header("content-security-policy", POLICY);
    context.header("referrer-policy", "no-referrer");
    context.header("x-content-type-options", "nosniff");
    context.header("cross-origin-opener-policy", "same-origin");
    context.header("cross-origin-resource-policy", "same-origin");
  });
  app.get("/:token/report/:run", (context) => {
    const path = access.knows(context.req.param("token")) ? runs.reportPage(context.req.param("run")) : null;
    if (!path) return context.notFound();
    return context.html(readFileSync(path, "utf8"));
  });
  app.get("/:token/*", (context) => {
    if (!access.knows(context.req.param("token"))) return context.notFound();
    const [, , ...path] = new URL(context.req.url).pathname.split("/");
    const file = pageFile(path.join("/") || "index.html");
    if (!file) return context.notFound();
    return context.body(file.bytes, 200, { "content-type": file.type, "cache-control": "no-cache" });
  });

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? "/", "http://dashboard");
    const [, given = "", path] = url.pathname.split("/");
    const { origin, host: hostHeader } = request.headers;
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    socket.on("error", () => socket.destroy());
    if (path !== "live" || !access.knows(given)) return refuse("404 Not Found");
    if (!access.isOwn(origin, hostHeader)) return refuse("403 Forbidden");
    sockets.handleUpgrade(request, socket, head, (client) => {
      void talk(client, url.searchParams.get("run") ?? "", runs);
    });
  });
  await listen(server, host, port);
  const at = server.address() as AddressInfo;
  const name = at.family === "IPv6" ? `[${at.address}]` : at.address;
  return {
    url: `http://${name}:${at.port}/${token}/`,
    port: at.port,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new DashboardError(
          `dashboard: ${host} port ${port} cannot be listened on (${error.code}): choose another --port or --host`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
}
