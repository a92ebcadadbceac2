/** Books of physical devices that tests open lie in a folder of their own, never in the user's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-ledgers-"));
process.env["WETGRAD_LEDGERS"] = folder;
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
