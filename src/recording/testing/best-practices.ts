/** What of an NWB file goes against the best practices, as HDF5's own Python binding reads it (nwb_best_practices.py). */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("./nwb_best_practices.py", import.meta.url));

/** Whether python3-h5py is installed. */
export const hasH5py: boolean = (() => {
  try {
    execFileSync(PYTHON, ["-c", "import h5py"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

export function bestPracticeFaults(path: string): string[] {
  return JSON.parse(execFileSync(PYTHON, [SCRIPT, path], { encoding: "utf8" }));
}
