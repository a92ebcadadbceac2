/** Figures that are kept under their settings in a folder, so that an interrupted bench goes on. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";

/** What was made before with the same settings, or else is made now. */
export async function keptFigure<Figure>(
  folder: string,
  settings: object,
  make: () => Promise<Figure>,
): Promise<Figure> {
  const text = JSON.stringify(settings);
  const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const path = join(folder, "kept", `${name}.json`);
  if (existsSync(path)) {
    try {
      const kept = JSON.parse(readFileSync(path, "utf8")) as { settings: string; figure: Figure };
      if (kept.settings === text) return kept.figure;
    } catch {
      // damaged: made again
    }
  }
  const figure = await make();
  makeFolder(join(folder, "kept"));
  writeWhole(path, JSON.stringify({ settings: text, figure }));
  return figure;
}
