/** Debian's Firefox, without a driver: it opens a page of a server of ours, which sends home what it found. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Null where there is none. */
export function firefoxPath(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = folders.flatMap((folder) => ["firefox-esr", "firefox"].map((name) => join(folder, name)));
  return places.find(existsSync) ?? null;
}

/** What `expression` gives (a promise of JSON) on a page with `script`, in Firefox at `path`. Throws what is thrown there. */
export async function evaluateInFirefox(path: string, script: string, expression: string): Promise<unknown> {
  const profile = mkdtempSync(join(tmpdir(), "wetgrad-firefox-"));
  const home = `(r) => fetch("/done", { method: "POST", body: JSON.stringify(r) })`;
  const page = `<!doctype html><meta charset=utf-8><script>${script.replaceAll("</script", "<\\/script")}</script>
<script>const home = ${home}; Promise.resolve().then(() => ${expression}).then((value) => home({ value }), (error) => home({ error: String(error) }))</script>`;
  let tell = (_: string) => {};
  const told = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        response.end();
        tell(body);
      });
    } else response.setHeader("content-type", "text/html").end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const firefox = spawn(path, ["--headless", "--no-remote", "--profile", profile, url], { stdio: "ignore" });
  try {
    const gone = new Promise<never>((_, reject) => {
      firefox.on("exit", (code) => reject(new Error(`Firefox ended by itself (${code})`)));
    });
    const { value, error } = JSON.parse(await Promise.race([told, gone])) as {
      value?: unknown;
      error?: string;
    };
    if (error !== undefined) throw new Error(`in Firefox: ${error}`);
    return value;
  } finally {
    firefox.removeAllListeners("exit");
    const ended = new Promise((resolve) => firefox.on("exit", resolve));
    if (firefox.kill()) await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
