/** `wetgrad experiment session`: one session of a plan. */
import { Command } from "commander";
import type { DesignDish } from "../../experiment/design/file.ts";
import type { OpenSession } from "../../experiment/design/session.ts";
import { wrongOption } from "../manners/errors.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { assertDishOptions, dishPlaceOf } from "../organoid/dish.ts";
import { rehearseRun } from "../organoid/rehearse.ts";

interface SessionFlags {
  readonly rehearse?: boolean;
  readonly json?: boolean;
}

export function sessionCommand(): Command {
  return new Command("session")
    .description("run one session of a plan, or go on with it: one arm on one dish")
    .argument("<plan>", "folder of the plan")
    .argument("<number>", "number of the session")
    .option("--rehearse", "say what would be done, how long, with how many pulses; stimulate nothing")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad experiment session henon 3 --rehearse\n  $ wetgrad experiment session henon 3\n\nCtrl-C stops the stimulation, saves and exits; the same command continues.",
    )
    .action(runSession);
}

async function runSession(planFolder: string, text: string, flags: SessionFlags): Promise<void> {
  const number = Number(text);
  if (!Number.isInteger(number)) throw wrongOption("session", "its number", text);
  const { assertMayBegin, endSession, openSession } = await import("../../experiment/design/session.ts");
  const open = openSession(planFolder, number);
  const place = await placeOf(open.dish, open);
  assertMayBegin(planFolder, open, { nowMs: Date.now(), profile: place?.profile });
  if (flags.rehearse) return rehearseRun(open.config, place, flags.json);
  const { runReported } = await import("../../experiment/reported.ts");
  const progress = createProgress(process.stderr);
  try {
    await interruptible(
      (signal) =>
        runReported({ kind: "organoid", config: open.config }, open.folder, {
          wetgradVersion: packageVersion(),
          ...(place && { place }),
          workers: 1,
          signal,
          onProgress: progress.update,
        }),
      progress.say,
    );
  } finally {
    progress.end();
  }
  endSession(open, Date.now());
  // What it found is not said: a blind experiment is read when all sessions are done.
  if (flags.json) printJson({ folder: open.folder, session: open.session });
  else print(`session ${number} on dish ${open.session.dish} is done: ${open.folder}`);
}

async function placeOf({ file }: DesignDish, { config }: OpenSession) {
  assertDishOptions({}, config);
  return dishPlaceOf(config, file);
}
