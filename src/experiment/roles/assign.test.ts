import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { layoutFor } from "../../protocol/layout.ts";
import { Cultures } from "../../session/cultures.ts";
import { localTissue } from "../../tissue/local.ts";
import { Stopped } from "../../tissue/stopped.ts";
import { Checkpoints } from "../checkpoints/checkpoint.ts";
import { RunControl } from "../control/control.ts";
import { specsOf } from "../job/setup.ts";
import { planOf } from "../plans.ts";
import { vatConfig } from "../vat/config.ts";
import { assignRoles } from "./assign.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-survey-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const config = vatConfig.parse({
  task: "pong",
  brains: 1,
  neurons: 110,
  arms: ["descent"],
  roles: "survey",
});
const plan = planOf({ kind: "vat", config });

/** The cultures after the assignment, kept in `folder`; stopped after so many steps. */
async function assigned(folder: string, stopAfter = Number.POSITIVE_INFINITY) {
  const tissue = localTissue(new RunControl());
  await tissue.open(specsOf(plan, 1, false));
  const layouts = [layoutFor(tissue.profile(0), 1, 8)];
  let steps = 0;
  const cultures = new Cultures(tissue, layouts, () => ++steps >= stopAfter);
  const checkpoints = new Checkpoints(join(root, folder), () => undefined);
  const desk = {
    plan,
    seed: 1,
    code: "assigned",
    cultures,
    checkpoints,
    spool: null,
    observer: {},
    log: () => undefined,
  } as const;
  const notes = await assignRoles(desk);
  return {
    notes,
    steps,
    before: layouts[0].roles,
    roles: cultures.layouts[0].roles,
    state: await cultures.snapshot(),
  };
}

it("gives electrodes other roles once, kept as a stage, with the same bits whether it was stopped or not", async () => {
  const whole = await assigned("whole");
  expect(whole.steps).toBe(20 * 64);
  expect(whole.notes).toHaveLength(1);
  expect(whole.roles).not.toEqual(whole.before);
  const used = ({ sensory, prediction }: typeof whole.roles) =>
    [...sensory, ...prediction].sort((a, b) => a - b);
  expect(used(whole.roles)).toEqual(used(whole.before));
  await expect(assigned("stopped", 700)).rejects.toThrow(Stopped);
  expect(await assigned("stopped")).toEqual(whole);
  // Read back: no pulse is sent again, and the cultures are where the survey left them.
  expect(await assigned("stopped")).toEqual({ ...whole, steps: 0 });
});
