/** A real Chromium that watches the dashboard, and keeps what must not happen: errors, and requests to elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

function chromiumPath(): string {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (found) return found;
  throw new Error(`expected Chromium, found none of ${names.join(", ")} in PATH: apt-get install chromium`);
}

/** As it comes on a machine without a graphics card, where WebGL2 is there for those who insist. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
  });
}

/** What a driver says of WebGL that the processor draws. */
const SLOW_DRIVER = /GL Driver Message \(OpenGL, Performance/;

/** What went wrong on a page since it was opened: errors, and requests to none of `hosts`, which may grow. */
export function faultsOf(page: Page, hosts: readonly string[]): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (SLOW_DRIVER.test(message.text())) return;
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

export const LAPTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/** The same in both colour schemes and at both widths, and where the page is wider than the screen. */
export async function violationsInEveryDress(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const size of [PHONE, LAPTOP]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await violationsOf(page)).map((line) => `${size.width} px, ${colorScheme}: ${line}`));
    }
    const overhang = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    if (Number(overhang) > 0) found.push(`${size.width} px: the page is ${overhang} px too wide`);
  }
  return found;
}

/** Of two pictures of one size (PNG in base 64): how much of the first is drawn on, and how much of it the other shows otherwise. */
export async function differenceOf(page: Page, pictures: readonly string[]) {
  return (await page.evaluate(`(${compare})(${JSON.stringify(pictures)})`)) as { lit: number; off: number };
}

/** Runs in the browser. */
const compare = `async (pictures) => {
  const [a, b] = await Promise.all(pictures.map(async (base64) => {
    const image = new Image();
    image.src = "data:image/png;base64," + base64;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data;
  }));
  const words = new Uint32Array(a.buffer);
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  let off = 0;
  for (let i = 0; i < a.length; i += 4) if ([0, 1, 2].some((k) => Math.abs(a[i + k] - b[i + k]) > 8)) off++;
  return { lit: 1 - Math.max(...counts.values()) / words.length, off: off / words.length };
}`;
