/** The page's files, as the build made them. */
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { DashboardError } from "./access.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

let files: ReadonlyMap<string, PageFile> | null = null;

/** A file of the page by its path, or null. All are held in memory: no path of a request touches the disk. */
export function pageFile(path: string): PageFile | null {
  files ??= readPage();
  return files.get(path) ?? null;
}

function readPage(): ReadonlyMap<string, PageFile> {
  // From source the page is where the build puts it.
  const isSource = import.meta.url.endsWith(".ts");
  const folder = fileURLToPath(
    new URL(isSource ? "../../../dist/src/dashboard/page/" : "../page/", import.meta.url),
  );
  try {
    return new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
        .map((entry) => {
          const path = `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/").replaceAll("//", "/");
          const name = path.slice(folder.replaceAll("\\", "/").length);
          return [name, { bytes: new Uint8Array(readFileSync(path)), type: TYPES[extname(entry.name)] }];
        }),
    );
  } catch (error) {
    throw new DashboardError(
      `the dashboard's page is not built (${(error as Error).message}): npm run build`,
    );
  }
}
