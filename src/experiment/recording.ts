/** What the recording of a run says of itself, and every stretch that it holds. */
import { basename } from "node:path";
import { layoutFor } from "../protocol/layout.ts";
import { type NwbSession, SIMULATED_EPOCH } from "../recording/nwb/session.ts";
import type { SegmentId } from "../recording/spool.ts";
import { isProbed } from "../session/conditions.ts";
import { cultureSeed, type Plan } from "../session/plan.ts";
import type { Task } from "../tasks/contract.ts";
import type { KeptDish } from "./dish/kept.ts";
import { profileAt } from "./job/setup.ts";
import { segmentId, UNTRAINED, type Where } from "./job/where.ts";
import { jobsOf } from "./job/work.ts";

export function nwbSession(plan: Plan, task: Task, dish: KeptDish | null = null): NwbSession {
  const { brains, arms, firstSeed, seeds } = plan;
  const profile = dish?.profile ?? profileAt(plan, undefined);
  const { roles } = layoutFor(profile, cultureSeed(plan, firstSeed, 0), task.classes);
  const last = firstSeed + seeds - 1;
  const one = brains === 1;
  return {
    identifier: one
      ? `wetgrad-organoid-${task.name}-${firstSeed}-${seeds}${dish ? `-${dish.began}` : ""}`
      : `wetgrad-vat-${task.name}-${brains}-${firstSeed}-${seeds}`,
    description: `${one ? "Organoid cycle" : `Vat of ${brains} brains`} on ${task.name}: ${arms.join(", ")}; seeds ${firstSeed} to ${last}. ${dish ? "Frames are of the device's clock, one connection after the other; what lay between is not in it." : "Simulated cultures: time is simulated, the date is not."}`,
    startTime: dish?.began ?? SIMULATED_EPOCH,
    framesPerSecond: profile.framesPerSecond,
    device: {
      name: profile.name.replace(/\s*[/:]\s*/g, ", "),
      description: `${profile.electrodes.length} ${plan.wiring ? "groups of cells" : "electrodes"}${one ? "" : " a brain"}, ${profile.preparation}`,
    },
    electrodes: profile.electrodes.map(({ channel, xUm, yUm }) => ({
      xUm,
      yUm,
      location:
        one && plan.roles !== "survey"
          ? roles.sensory.includes(channel)
            ? "sensory zone"
            : roles.prediction.includes(channel)
              ? "prediction zone"
              : "read only"
          : `sensory or prediction zone, by ${one ? "survey" : "brain"}`,
    })),
    ...(profile.lightChannels && { isLit: true }),
    experimentDescription: `${one ? "A culture is" : "Cultures are"} taught to predict ${task.name} by stimulation, beside controls: ${arms.join(", ")}`,
    subject: dish ? subjectOfDish(dish) : simulatedSubject(plan),
    keywords: [
      dish ? dish.profile.preparation : "simulated culture",
      "closed loop",
      "wetgrad",
      ...(one ? [] : ["vat"]),
    ],
  };
}

function subjectOfDish({ address, profile }: KeptDish): NwbSession["subject"] {
  return { id: address, description: `the dish at ${address}, ${profile.preparation}` };
}

function simulatedSubject(plan: Plan): NwbSession["subject"] {
  const { brains, neurons, preset, rule, div, firstSeed, seeds } = plan;
  if (plan.wiring)
    return {
      id: `seeds-${firstSeed}-${firstSeed + seeds - 1}`,
      description: `simulated brain of the wiring diagram ${basename(plan.wiring.path)}${plan.rewire ? `, its ${plan.rewire} dealt out anew` : ""}`,
      species: "In silico",
    };
  const kind = `preset ${preset}${rule ? `, rule ${rule}` : ""}`;
  return {
    id: `seeds-${firstSeed}-${firstSeed + seeds - 1}`,
    description:
      brains === 1
        ? `simulated culture, ${neurons} neurons, ${kind}`
        : `${brains} simulated cultures a seed, ${neurons} neurons each, ${kind}`,
    age: `P${Math.round(div)}D`,
    // In the form that NWB's best practices ask of a species.
    species: "In silico",
  };
}

/** Every stretch of a run, brain by brain, in the order of time for each culture. */
export function segmentsOf(plan: Plan, task: Task): SegmentId[] {
  const places = stretchesOf(plan, task);
  return jobsOf(plan).flatMap((job) =>
    Array.from({ length: plan.brains }, (_, brain) =>
      places.map((where) => segmentId(plan, job, where, brain)),
    ).flat(),
  );
}

function stretchesOf(plan: Plan, task: Task): Where[] {
  const { arms, cycles, after, retentionSeconds } = plan;
  const common = (phase: Where["phase"]): Where => ({ arm: "common", cycle: -1, phase });
  const last = cycles - 1;
  const shown = task.series !== undefined && after.includes("untrained");
  const surveyed = plan.roles === "survey" ? [common("survey")] : [];
  const places = [...surveyed, common("babble"), common("probe"), ...(shown ? [UNTRAINED] : [])];
  for (const arm of arms) {
    if (arm === "unconnected") places.push({ arm, cycle: -1, phase: "probe" });
    for (let cycle = 0; cycle < cycles; cycle++)
      places.push(
        { arm, cycle, phase: "train" },
        ...(isProbed(plan, cycle) ? [{ arm, cycle, phase: "probe" } as const] : []),
      );
  }
  if (!arms.includes("descent")) return places;
  if (after.includes("scrambled")) places.push({ arm: "scrambled", cycle: last, phase: "probe" });
  if (after.includes("retention") && retentionSeconds > 0)
    places.push(
      { arm: "descent", cycle: last, phase: "spontaneous" },
      { arm: "descent", cycle: last, phase: "retention" },
    );
  return places;
}
