/** `wetgrad features bench`: what each way to find features is worth where they are known. */
import { join } from "node:path";
import { Command } from "commander";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";

interface BenchFlags {
  readonly worlds: string;
  readonly cultures: string;
  readonly windows: string;
  readonly effort: string;
  readonly out: string;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  return new Command("bench")
    .description(
      "every method on worlds whose features are known: toy worlds, and hidden assemblies in cultures",
    )
    .option("--worlds <n>", "fresh toy worlds of 128 and of 256 features; 0: none", "3")
    .option("--cultures <n>", "cultures with hidden assemblies; 0: none", "8")
    .option("--windows <n>", "windows to learn from in a toy world", "120000")
    .option("--effort <share>", "share of the steps of learning, for a quick look", "1")
    .option("--out <dir>", "folder for report.json and what is done so far", "runs/features-bench")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad features bench --worlds 1 --cultures 0 --effort 0.1\n\nMethods are tuned on a world of their own. Ctrl-C stops; the same command goes on.",
    )
    .action(bench);
}

async function bench(flags: BenchFlags): Promise<void> {
  const whole = (text: string, flag: string, min: number, max: number) =>
    numberOf(text, flag, { min, max, whole: true });
  const worlds = whole(flags.worlds, "--worlds", 0, 100);
  const cultures = whole(flags.cultures, "--cultures", 0, 100);
  const options = {
    folder: flags.out,
    windows: whole(flags.windows, "--windows", 2000, 1e7),
    effort: numberOf(flags.effort, "--effort", { min: 0.001, max: 10 }),
  };
  writableFolder(flags.out, "--out");
  const [{ benchToy }, { benchAssemblies }, { benchTable }] = await Promise.all([
    import("../../features/bench/run-toy.ts"),
    import("../../features/bench/assemblies.ts"),
    import("../../features/bench/table.ts"),
  ]);
  const progress = createProgress(process.stderr);
  try {
    const report = await interruptible(async (signal) => {
      const watch = {
        signal,
        onProgress: (done: number, total: number, message: string) =>
          progress.update({ done, total, unit: "fits", message }),
      };
      const sizes = [128, 256].map((K) => ({ K, worlds }));
      const toy = worlds > 0 ? await benchToy({ ...options, sizes, ...watch }) : undefined;
      const assemblies =
        cultures > 0 ? await benchAssemblies({ ...options, cultures, ...watch, windows: 8000 }) : undefined;
      return { toy: toy?.rows ?? [], tuned: toy?.tuned ?? {}, assemblies: assemblies ?? {} };
    }, progress.say);
    progress.end();
    makeFolder(flags.out);
    writeWhole(join(flags.out, "report.json"), `${JSON.stringify(report)}\n`);
    if (flags.json) printJson(report);
    else print(benchTable(report));
  } finally {
    progress.end();
  }
}
