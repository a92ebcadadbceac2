/**
 * What a stimulation controller is armed with. All of its channels are switched off before it runs, whoever enabled them
 * and whatever it is attached to; triggers are uploaded only if the safety gate's rules let each of their pulses pass; and
 * they are switched off again when the device is closed.
 */
import type { DeviceProfile } from "../contract.ts";
import type { Trigger } from "../device-file.ts";
import { defaultLimits, parseLimits, type StimulationLimits } from "../gate/limits.ts";
import { PulseRules } from "../gate/pulse-rules.ts";
import { describeFault } from "../gate/unsafe-pulse.ts";
import { DeviceError } from "../lost.ts";
import type { RhxCommands } from "./commands.ts";
import { stimulationParameters } from "./triggers.ts";

const UPLOAD_MS = 60_000;
const STOP = "set RunMode Stop";
const UPLOAD = "execute UploadStimParameters";

export interface Arming {
  readonly profile: DeviceProfile;
  /** Native names, in the order of channels. */
  readonly names: readonly string[];
  readonly triggers: readonly Trigger[];
  readonly stepUa: number;
  readonly limits?: StimulationLimits;
}

/** Throws, before anything is uploaded, unless every pulse of every trigger may be sent to its electrode. */
export function judgeTriggers({ profile, triggers, limits = defaultLimits(profile) }: Arming): void {
  const rules = new PulseRules(profile, parseLimits(limits));
  for (const { key, channels, phases } of triggers)
    for (const channel of channels) {
      const judged = rules.judge({ frame: 0, channel, phases });
      if ("fault" in judged)
        throw new DeviceError(
          `device file: trigger ${key}, channel ${channel} (${judged.fault.rule}): ${describeFault(judged.fault)}; nothing was uploaded`,
        );
    }
}

/** Switches every channel off, arms the triggers, and makes sure of both. The controller is stopped. */
export async function arm(commands: RhxCommands, { names, triggers, stepUa }: Arming): Promise<void> {
  const parameters = triggers.map((trigger) => stimulationParameters(trigger, stepUa));
  for (const name of names) await commands.set(`${name}.StimEnabled`, false);
  for (const [i, { channels }] of triggers.entries())
    for (const channel of channels)
      for (const [parameter, value] of parameters[i])
        await commands.set(`${names[channel]}.${parameter}`, value);
  await upload(commands);
}

/** Stops the controller and switches off what was armed, and makes sure of both. */
export async function disarm(commands: RhxCommands, names: readonly string[]): Promise<void> {
  if (!/^stop$/i.test(await commands.get("RunMode"))) await commands.set("RunMode", "Stop");
  for (const name of names) await commands.set(`${name}.StimEnabled`, false);
  if (names.length > 0) await upload(commands);
}

/** The same for a link that is going: said, not heard. */
export function lastWords(names: readonly string[]): string[] {
  const off = names.map((name) => `set ${name}.StimEnabled False`);
  return names.length > 0 ? [STOP, ...off, UPLOAD] : [STOP];
}

/** The names of the channels that triggers arm. */
export function armedNames({ names, triggers }: Pick<Arming, "names" | "triggers">): string[] {
  return triggers.flatMap(({ channels }) => channels.map((channel) => names[channel]));
}

async function upload(commands: RhxCommands): Promise<void> {
  await commands.send([UPLOAD]);
  const deadline = performance.now() + UPLOAD_MS;
  while (/^true$/i.test(await commands.get("UploadInProgress"))) {
    if (performance.now() > deadline) throw new DeviceError("RHX: the upload of stimulation did not end");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
