/** Tissue of paper: a dish's device and gate without the dish. It is given plans as a dish is, and counts what passes. */
import type { LedgerReport } from "../../device/gate/ledger.ts";
import type { StimulationLimits } from "../../device/gate/limits.ts";
import { PaperDriver } from "../../device/paper/driver.ts";
import type { StimulableProfile } from "../../device/profile.ts";
import { abilityFor } from "../commands.ts";
import type { Tissue } from "../contract.ts";
import { tissueProfile } from "../profile.ts";
import { Unable } from "../unable.ts";
import { LivingDevice } from "./living.ts";
import { dishMark } from "./mark.ts";

export interface PaperTissue extends Tissue {
  /** Of all that has been planned. */
  ledger(): LedgerReport;
  /** The frame that has been come to. */
  now(): number;
}

export function paperTissue(device: StimulableProfile, limits?: StimulationLimits): PaperTissue {
  const living = new LivingDevice(new PaperDriver(device), limits ? { limits } : {});
  const profile = tissueProfile(device, []);
  return {
    open: async () => {},
    profile: () => profile,
    step: (_, plans) => Promise.all(plans.map((plan) => living.step(plan))),
    perform: (brain, command) => Promise.reject(new Unable(abilityFor(command), brain, profile)),
    snapshot: async (brains) => brains.map(() => dishMark("paper", 0, living.now())),
    restore: async () => {},
    close: () => living.close(),
    ledger: () => living.ledger(),
    now: () => living.now(),
  };
}
