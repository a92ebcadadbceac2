/** `wetgrad device survey`: what a pulse on each electrode evokes, and the roles of electrodes that follow from it. */
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import type { StimulableProfile } from "../../device/profile.ts";
import type { Survey } from "../../device/protocols/survey.ts";
import { ProtocolError } from "../../protocol/error.ts";
import type { SurveyReport } from "../../report/survey/page.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { readLimits } from "../options/limits.ts";
import { numberOf } from "../options/numbers.ts";
import { FILE_OPTION, openDriver } from "./open.ts";

interface SurveyFlags {
  readonly repeats: string;
  readonly gap: string;
  readonly classes: string;
  readonly seed: string;
  readonly limits?: string;
  readonly file?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function surveyCommand(): Command {
  return new Command("survey")
    .description("pulse every electrode alone and count what that evokes elsewhere, 4 to 20 ms after")
    .argument("<address>", "such as simulated:?scaffold=mea256, cl1://host:7767, intan://host")
    .option("--repeats <n>", "pulses on each electrode", "10")
    .option("--gap <ms>", "from one pulse to the next", "100")
    .option("--classes <n>", "classes for which roles are chosen", "8")
    .option("--seed <n>", "of the order of pulses, and of the roles that are improved on", "1")
    .option("--limits <file>", "limits of stimulation (JSON) over the safety gate's own")
    .option(...FILE_OPTION)
    .option("--out <file>", "also write a page with figures (.html)")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad device survey 'simulated:?preset=quiet' --out survey.html\n\nCtrl-C ends the stimulation at once.",
    )
    .action(survey);
}

async function survey(address: string, options: SurveyFlags): Promise<void> {
  const repeats = numberOf(options.repeats, "--repeats", { min: 1, max: 1000, whole: true });
  const gapMs = numberOf(options.gap, "--gap", { min: 20, max: 60_000 });
  const classes = numberOf(options.classes, "--classes", { min: 2, max: 32, whole: true });
  const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  if (options.out) writableFolder(dirname(options.out), "--out");
  const [{ openDevice }, { surveyable, surveyDevice }] = await Promise.all([
    import("../../device/gate/open.ts"),
    import("../../device/protocols/survey.ts"),
  ]);
  const driver = await openDriver(address, options.file);
  if (typeof driver.deliver !== "function") {
    await driver.close();
    throw new UsageError(
      `${address}: expected a device that stimulates, got ${driver.profile.name}, which is only read`,
    );
  }
  const limits = options.limits === undefined ? {} : { limits: readLimits(options.limits, driver.profile) };
  const device = openDevice(driver, limits);
  const progress = createProgress(process.stderr);
  try {
    if (surveyable(device.profile).length === 0)
      throw new UsageError(
        `${address}: expected electrodes of known area and material, got none; give a device file (--file)`,
      );
    const found = await interruptible(
      (signal) =>
        surveyDevice(device, {
          seed,
          repeats,
          gapMs,
          signal,
          onPulse: (done, total) =>
            progress.update({ done, total, unit: "pulses", message: device.profile.name }),
        }),
      progress.say,
    );
    progress.end();
    await tell(address, await reportOf(device.profile, found, { gapMs, classes, seed }), options);
  } finally {
    progress.end();
    await device.close();
  }
}

async function reportOf(
  profile: StimulableProfile,
  survey: Survey,
  { gapMs, classes, seed }: { readonly gapMs: number; readonly classes: number; readonly seed: number },
): Promise<SurveyReport> {
  const { channels, repeats, counts, refused } = survey;
  const N = channels.length;
  return {
    device: profile.name,
    repeats,
    gapMs,
    refused,
    electrodes: profile.electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    channels,
    evoked: channels.map((_, row) =>
      Array.from(counts.subarray(row * N, (row + 1) * N), (count) => count / repeats),
    ),
    roles: await rolesOf(profile, survey, classes, seed),
  };
}

/** Null where the array has too few electrodes for the classes. */
async function rolesOf(
  profile: StimulableProfile,
  survey: Survey,
  classes: number,
  seed: number,
): Promise<SurveyReport["roles"]> {
  const [{ layoutFor }, { rolesBySurvey }] = await Promise.all([
    import("../../protocol/layout.ts"),
    import("../../protocol/survey-roles.ts"),
  ]);
  const surveyed = new Set(survey.channels);
  const reservedChannels = profile.electrodes.flatMap(({ channel }) =>
    surveyed.has(channel) ? [] : [channel],
  );
  try {
    const { roles } = layoutFor({ ...profile, reservedChannels }, seed, classes);
    const { roles: chosen, before, after } = rolesBySurvey(roles, survey, seed);
    return { classes, sensory: chosen.sensory, assigned: chosen.assigned, before, after };
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

async function tell(address: string, report: SurveyReport, { out, json }: SurveyFlags): Promise<void> {
  if (out) {
    const { renderSurvey } = await import("../../report/survey/page.ts");
    writeFileSync(out, renderSurvey(report));
  }
  if (json) {
    printJson({ address, ...report });
    return;
  }
  const { channels, repeats, refused, evoked, roles } = report;
  const sums = evoked.map((row) => row.reduce((sum, value) => sum + value, 0));
  const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length;
  const best = sums.indexOf(Math.max(...sums));
  print(`${address}: ${channels.length} electrodes pulsed ${repeats} times each, ${refused} pulses refused`);
  print(
    `    a pulse evokes ${mean.toFixed(2)} spikes elsewhere, 4 to 20 ms after it; ${sums.filter((sum) => sum === 0).length} electrodes evoke none`,
  );
  print(`    most on channel ${channels[best]}: ${sums[best].toFixed(2)}`);
  if (roles)
    print(
      `    roles for ${roles.classes} classes: sum of log(1 + response) ${roles.before.toFixed(0)} by seed, ${roles.after.toFixed(0)} chosen (--json has them)`,
    );
  if (out) print(`    page: ${out}`);
}
