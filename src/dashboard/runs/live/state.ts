/** The state of a run that goes on in this process, as its feed says it. */
import type { RunControl } from "../../../experiment/control/control.ts";
import type { Tuning } from "../../../experiment/control/tuning.ts";
import type { Feed } from "../../feed.ts";
import type { MessageOf, RunMessage } from "../../protocol.ts";

export class RunState {
  private state: RunMessage["state"] = "running";
  private note = "";
  private stopRequest: { readonly requestedAtMs: number; readonly heardAtMs: number } | null = null;

  constructor(
    private readonly feed: Feed,
    private readonly describe: (state: RunMessage["state"], note: string) => RunMessage,
    private readonly onEnd: () => void,
  ) {}

  get isGoing(): boolean {
    return this.state === "running" || this.state === "paused" || this.state === "stopping";
  }

  tell(state: RunMessage["state"], note = ""): void {
    this.state = state;
    this.note = note;
    this.tellAgain();
  }

  /** The same state of a run that has changed otherwise. */
  tellAgain(): void {
    this.feed.say(this.describe(this.state, this.note));
  }

  log(level: MessageOf<"log">["level"], text: string): void {
    this.feed.say({ kind: "log", atMs: Date.now(), level, text });
  }

  /** False if it has been asked before, or has ended. */
  stopping(requestedAtMs: number | undefined): boolean {
    if (!this.isGoing || this.stopRequest) return false;
    const heardAtMs = performance.timeOrigin + performance.now();
    this.stopRequest = { requestedAtMs: requestedAtMs ?? heardAtMs, heardAtMs };
    this.tell("stopping");
    this.log("warning", "STOP: stimulation off, saving");
    return true;
  }

  /** False if it is being stopped, or has ended. */
  hold(isHeld: boolean): boolean {
    if (!this.isGoing || this.state === "stopping") return false;
    this.tell(isHeld ? "paused" : "running");
    this.log("info", isHeld ? "pause: held before the next presentation" : "resumed");
    return true;
  }

  /** Changes what holds for cycles that `whose` begins from now on. */
  tune(control: RunControl, tuning: Tuning, whose: string): void {
    if (!this.isGoing) throw new Error("expected a run that is going on, got one that has ended");
    control.tune(tuning);
    this.feed.say({ kind: "tuning", tuning });
    this.log(
      "warning",
      `plasticity ${tuning.plasticity} times the plan's, from the next cycle of ${whose} on`,
    );
  }

  /** A gate or a holder of brains has stopped; the last pulses went out at `lastDeliveredAtMs`. */
  stopped(culture: number, who: string, lastDeliveredAtMs: number | null, noticedAtMs: number): void {
    const asked = this.stopRequest ?? { requestedAtMs: noticedAtMs, heardAtMs: noticedAtMs };
    this.feed.say({ kind: "stopped", culture, ...asked, lastDeliveredAtMs, noticedAtMs });
    if (lastDeliveredAtMs === null) return;
    const after = Math.max(0, lastDeliveredAtMs - asked.requestedAtMs);
    this.log("warning", `${who}: stimulation off ${after.toFixed(0)} ms after STOP`);
  }

  ended(error: Error | undefined, wasStopped: boolean): void {
    if (!error) {
      this.tell("finished");
      this.log("good", "finished: the report is written");
    } else if (wasStopped) {
      this.tell("stopped", "Everything done so far is saved; it can be continued.");
      this.log("warning", "stopped and saved");
    } else {
      this.tell("failed", error.message);
      this.log("error", error.message);
    }
    this.onEnd();
  }
}
