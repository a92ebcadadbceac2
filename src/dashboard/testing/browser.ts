/** A real Chromium that watches the dashboard, and keeps what must not happen: errors, and requests to elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

export function chromiumPath(): string {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (found) return found;
  throw new Error(`expected Chromium, found none of ${names.join(", ")} in PATH: apt-get install chromium`);
}

/** Without a graphics card WebGL2 is drawn by the processor. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
}

/** What went wrong on a page since it was opened: errors, and requests to none of `hosts`, which may grow. */
export function faultsOf(page: Page, hosts: readonly string[]): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  const check = (url: string) => {
    if (!["data:", "blob:"].includes(new URL(url).protocol) && !hosts.includes(new URL(url).host))
      faults.push(`request to ${url}`);
  };
  page.on("request", (request) => check(request.url()));
  page.on("websocket", (socket) => check(socket.url()));
  return faults;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical violations that axe finds, one line each. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const result = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResult;
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
