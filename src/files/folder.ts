/** Folders of one's own. */
import { mkdirSync } from "node:fs";
import { storing } from "./storage.ts";

/** Makes the folder, and those above it, where they are not there; what is made can be read by its owner only. */
export function makeFolder(path: string): void {
  storing(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
}
