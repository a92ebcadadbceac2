/**
 * A finished run as a folder of files that need no server: the live page's views with the run's own figures, curves and verdict, its
 * recording stretch by stretch, and its report. It works from the disk and on any static host, and asks nothing of anyone.
 */
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../files/folder.ts";
import type { ReportPaths } from "../../report/files.ts";
import { readRun } from "../runs/folder.ts";
import { openSaved } from "../runs/saved/open.ts";
import { SITE_FILES, type SiteRun } from "./contents.ts";

export interface WrittenSite {
  readonly page: string;
  /** Stretches of the recording; 0 where the run has kept none. */
  readonly stretches: number;
  readonly bytes: number;
}

/** `report`: the run's, drawn. Throws `RefusedError` where the folder is none of a run. */
export async function writeSite(run: string, report: ReportPaths, out: string): Promise<WrittenSite> {
  const { messages, recording } = await openSaved(run, readRun(run));
  makeFolder(out);
  const from = builtSite();
  for (const name of SITE_FILES) cpSync(join(from, name), join(out, name));
  for (const path of Object.values(report)) cpSync(path, join(out, basename(path)));
  const site: SiteRun = { messages };
  writeFileSync(join(out, "run.js"), `globalThis.wetgradRun = ${JSON.stringify(site)};\n`);
  let stretches = 0;
  if (recording) {
    makeFolder(join(out, "stretches"));
    try {
      for (; stretches < recording.contents().segments.length; stretches++) {
        const frames = recording.frames(stretches).map((bytes) => Buffer.from(bytes).toString("base64"));
        writeFileSync(
          join(out, "stretches", `${stretches}.js`),
          `wetgradStretch(${stretches}, ${JSON.stringify(frames)});\n`,
        );
      }
    } finally {
      recording.close();
    }
  }
  return { page: join(out, SITE_FILES[0]), stretches, bytes: bytesIn(out) };
}

/** Where the build put the page; found from the sources and from dist/ alike. */
function builtSite(): string {
  const places = ["../../../site/", "../../../dist/site/"].map((place) => new URL(place, import.meta.url));
  const found = places.find((url) => existsSync(new URL(SITE_FILES[0], url)));
  if (found === undefined) throw new Error("the page of a run's site is not built; run `npm run build`");
  return fileURLToPath(found);
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce((sum, name) => {
    const { size } = statSync(join(folder, name));
    return sum + size;
  }, 0);
}
