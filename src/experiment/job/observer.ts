/** For those who watch an experiment while it goes. Nothing of this enters a result. */
import type { FitLosses } from "../../emulator/contract.ts";
import type { StepSeen, WriteSeen } from "../../methods/contract.ts";
import type { Cultures } from "../../session/cultures.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Probe } from "./readings.ts";
import type { Place } from "./where.ts";

export interface Observer {
  /** A stretch begins. */
  place?(place: Place): void;
  /** A stretch is over. */
  left?(place: Place, cultures: Cultures): Promise<void> | void;
  step?(step: StepSeen): void;
  fit?(cycle: number, losses: FitLosses): void;
  write?(cycle: number, write: WriteSeen, cultures: Cultures): void;
  probed?(place: Place, probe: Probe, task: Task): void;
}
