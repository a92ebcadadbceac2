/** `wetgrad features amplify`: writes that raise (or lower) chosen features of cultures, beside their controls. */
import { join } from "node:path";
import { Command } from "commander";
import { METHODS } from "../../features/contract.ts";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { nameOf } from "../options/names.ts";
import { numberOf, numbersOf } from "../options/numbers.ts";

interface AmplifyFlags {
  readonly cultures: string;
  readonly firstSeed: string;
  readonly method: string;
  readonly features: string;
  readonly amplified: string;
  readonly feature?: string;
  readonly down?: boolean;
  readonly windows: string;
  readonly doses: string;
  readonly repeats: string;
  readonly writes: string;
  readonly probes: string;
  readonly out: string;
  readonly json?: boolean;
}

export function amplifyCommand(): Command {
  return new Command("amplify")
    .description("find features of simulated cultures and write them up or down, beside all controls")
    .option("--cultures <n>", "cultures", "8")
    .option("--first-seed <n>", "seed of the first", "1")
    .option("--method <name>", `how features are found: ${METHODS.join(", ")}`, "em")
    .option("--features <n>", "features to look for", "64")
    .option("--amplified <n>", "features that are written, from the most controllable to the middle", "5")
    .option("--feature <n>", "only this one, by its number")
    .option("--down", "lower features while they are driven, in place of raising them")
    .option("--windows <n>", "windows of random writes to learn from", "6000")
    .option("--doses <a,b,...>", "numbers of electrodes", "1,2,4,8")
    .option("--repeats <n>", "presentations of every write", "25")
    .option("--writes <n>", "writes with plasticity on; 0: nothing that lasts is measured", "600")
    .option("--probes <n>", "windows of each probe of what lasts", "60")
    .option("--out <dir>", "folder for report.json and report.html", "runs/amplify")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad features amplify --cultures 2 --writes 0\n\nEvery pulse passes the safety gate. Ctrl-C stops; the same command goes on with the next culture.",
    )
    .action(amplifyCultures);
}

async function amplifyCultures(flags: AmplifyFlags): Promise<void> {
  const whole = (text: string, flag: string, min: number, max: number) =>
    numberOf(text, flag, { min, max, whole: true });
  const first = whole(flags.firstSeed, "--first-seed", 0, 2 ** 31);
  const features = whole(flags.features, "--features", 2, 1024);
  const settings = {
    method: nameOf(flags.method, "--method", METHODS),
    features,
    amplified: whole(flags.amplified, "--amplified", 1, features),
    ...(flags.feature === undefined ? {} : { feature: whole(flags.feature, "--feature", 0, features - 1) }),
    down: flags.down ?? false,
    windows: whole(flags.windows, "--windows", 500, 1e6),
    doses: numbersOf(flags.doses, "--doses", { min: 1, max: 12, whole: true }),
    repeats: whole(flags.repeats, "--repeats", 2, 1000),
    writes: whole(flags.writes, "--writes", 0, 1e5),
    probes: whole(flags.probes, "--probes", 4, 1e4),
  };
  const seeds = Array.from({ length: whole(flags.cultures, "--cultures", 1, 1000) }, (_, i) => first + i);
  writableFolder(flags.out, "--out");
  const [{ amplify }, { renderAmplify }] = await Promise.all([
    import("../../features/amplify/experiment.ts"),
    import("../../features/amplify/page.ts"),
  ]);
  const progress = createProgress(process.stderr);
  try {
    const report = await interruptible(
      (signal) =>
        amplify({
          ...settings,
          ...{ seeds, signal, folder: flags.out },
          onProgress: (done, total, message) => progress.update({ done, total, unit: "cultures", message }),
        }),
      progress.say,
    );
    progress.end();
    makeFolder(flags.out);
    writeWhole(join(flags.out, "report.json"), `${JSON.stringify(report)}\n`);
    writeWhole(join(flags.out, "report.html"), renderAmplify(report));
    if (flags.json) return printJson(report);
    const lines = report.selectivity.map(
      ({ arm, ratio, ci95, strength }) =>
        `${arm.padEnd(20)} ${ratio.toFixed(2)} [${ci95[0].toFixed(2)}, ${ci95[1].toFixed(2)}]   ${strength.mean.toFixed(2)} SD`,
    );
    print(
      [
        "leak of difference of means over the arm's at equal strength; strength less that of difference of means",
        ...lines,
        "",
        `page: ${join(flags.out, "report.html")}`,
      ].join("\n"),
    );
  } finally {
    progress.end();
  }
}
