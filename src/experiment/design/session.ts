/** A session of a plan: the run it is, and whether it may begin. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { StimulableProfile } from "../../device/profile.ts";
import { writeWhole } from "../../files/whole.ts";
import { keptDish } from "../dish/kept.ts";
import { RunError } from "../error.ts";
import type { OrganoidConfig } from "../organoid/config.ts";
import { configOf, type DesignDish } from "./file.ts";
import { type Plan, type PlannedSession, readKey, readPlan, sessionFolder } from "./plan.ts";

export interface OpenSession {
  readonly plan: Plan;
  readonly session: PlannedSession;
  readonly dish: DesignDish;
  readonly config: OrganoidConfig;
  readonly folder: string;
}

const ENDED = "session.json";
const HOUR_MS = 3_600_000;

/** The session with this number, arms opened by the key. Throws `RunError`. */
export function openSession(planFolder: string, number: number): OpenSession {
  const plan = readPlan(planFolder);
  const session = plan.sessions.find((one) => one.number === number);
  if (!session)
    throw new RunError(
      `session: expected one of 1 to ${plan.sessions.length}, which the plan has, got ${number}`,
    );
  const { arms, seed } = readKey(planFolder, plan);
  const dish = dishOf(plan, session);
  const config = configOf(planFolder, { ...plan.design, seed }, { arm: arms[session.arm], dish });
  return { plan, session, dish, config, folder: sessionFolder(planFolder, session) };
}

export function dishOf({ design }: Plan, session: PlannedSession): DesignDish {
  const dish = design.dishes.find(({ name }) => name === session.dish);
  if (!dish) throw new RunError(`plan: expected a dish ${session.dish}, got none`);
  return dish;
}

/**
 * Throws `RunError`, and nothing is stimulated, where the dish has another session under way, comes too early, out of turn, or is on
 * another array than before.
 */
export function assertMayBegin(
  planFolder: string,
  { plan, session, folder }: OpenSession,
  { nowMs, profile }: { readonly nowMs: number; readonly profile: StimulableProfile | undefined },
): void {
  const hasBegun = existsSync(join(folder, "config.json"));
  for (const other of plan.sessions.filter(({ dish }) => dish === session.dish)) {
    if (other.number === session.number) continue;
    const at = sessionFolder(planFolder, other);
    const begun = existsSync(join(at, "config.json"));
    const ended = endOf(at);
    if (begun && ended === null)
      throw new RunError(
        `dish ${session.dish}: session ${other.number} has begun and not ended; end it first (wetgrad experiment session ${planFolder} ${other.number})`,
      );
    if (other.day < session.day && !begun)
      throw new RunError(
        `dish ${session.dish}: session ${other.number} of day ${other.day} comes before session ${session.number}; run it first`,
      );
    if (ended === null) continue;
    if (other.day > session.day && !hasBegun)
      throw new RunError(
        `dish ${session.dish}: session ${other.number} of day ${other.day} is done already; session ${session.number} came before it, and its turn is over: merge with --without ${session.number}`,
      );
    const hours = (nowMs - ended) / HOUR_MS;
    if (!hasBegun && hours < plan.design.washoutHours)
      throw new RunError(
        `dish ${session.dish}: expected ${plan.design.washoutHours} h without lessons since session ${other.number}, got ${hours.toFixed(1)}; come back in ${(plan.design.washoutHours - hours).toFixed(1)} h`,
      );
    assertSameArray(at, session, profile);
  }
}

/** Notes that a session is done. */
export function endSession({ folder, session }: OpenSession, nowMs: number): void {
  if (endOf(folder) !== null) return;
  const ended = { number: session.number, ended: new Date(nowMs).toISOString() };
  writeWhole(join(folder, ENDED), `${JSON.stringify(ended, null, 2)}\n`);
}

/** When it ended (ms since 1970); null where it has not. */
export function endOf(folder: string): number | null {
  const path = join(folder, ENDED);
  if (!existsSync(path)) return null;
  const { ended } = JSON.parse(readFileSync(path, "utf8")) as { ended: string };
  return Date.parse(ended);
}

function assertSameArray(
  folder: string,
  { dish }: PlannedSession,
  profile: StimulableProfile | undefined,
): void {
  const before = keptDish(folder)?.profile;
  if (!profile || !before) return;
  if (isDeepStrictEqual(before.electrodes, JSON.parse(JSON.stringify(profile.electrodes)))) return;
  throw new RunError(
    `dish ${dish}: expected the array of its earlier sessions, ${before.name} with ${before.electrodes.length} electrodes, got ${profile.name} with ${profile.electrodes.length}, or others; connect the dish that the plan means`,
  );
}
