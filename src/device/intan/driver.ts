/**
 * An Intan controller as a device, through the RHX software's TCP ports. Frame 0 is the first sample after the
 * controller was told to run; channels are numbered port by port (A-000 is 0). A stimulation controller whose device
 * file has triggers can stimulate (triggers.ts); every other one can only be read. Closing, and whatever ends the
 * link, stops the controller. https://intantech.com/RHX_software.html
 */
import type { DeviceProfile, Driver, ReadOnlyDriver, StimulableProfile } from "../contract.ts";
import { type DeviceFile, profileOf, type Trigger } from "../device-file.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { takeCleared } from "../gate/open.ts";
import { PulseSchedule } from "../live/pulse-schedule.ts";
import { LiveReader } from "../live/reader.ts";
import type { SampleBlock } from "../live/spike-finder.ts";
import { DeviceError } from "../lost.ts";
import { RhxCommands } from "./commands.ts";
import { RhxLink } from "./link.ts";
import { checkTriggers, keysFor, MAX_PHASE_US, MAX_STEPS, stimulationParameters } from "./triggers.ts";

export interface IntanOptions {
  readonly host?: string;
  readonly port?: number;
  readonly waveformPort?: number;
  readonly spikePort?: number;
  readonly file?: DeviceFile;
  /** Whose spikes: RHX's own detector's, or found here in the high band. */
  readonly spikes?: "rhx" | "here";
  readonly onSamples?: (block: SampleBlock) => void;
  /** A controller that sends no waveforms for this long is lost. */
  readonly silenceMs?: number;
}

const PORTS = ["A", "B", "C", "D", "E", "F", "G", "H"];
const UPLOAD_MS = 60_000;

/** A controller that can only be read. */
export class IntanReader extends LiveReader<DeviceProfile> implements ReadOnlyDriver {
  constructor(
    profile: DeviceProfile,
    readonly link: RhxLink,
  ) {
    super(profile, link.inbox);
  }

  protected hangUp(): void {
    this.link.end("was closed");
  }
}

/** A stimulation controller with triggers. */
export class IntanStimulator extends LiveReader<StimulableProfile> implements Driver {
  private readonly triggers: readonly Trigger[];
  private readonly schedule: PulseSchedule;

  constructor(
    profile: StimulableProfile,
    readonly link: RhxLink,
    triggers: readonly Trigger[],
    schedule: PulseSchedule,
  ) {
    super(profile, link.inbox);
    this.triggers = triggers;
    this.schedule = schedule;
  }

  /** Refuses pulses that no key sends; the others set off their keys when the clock reaches their frame. */
  async deliver(pulses: ClearedPulses): Promise<void> {
    takeCleared(this, pulses);
    if (this.closed) throw new Error(`deliver: device ${this.profile.name} is closed`);
    this.inbox.assertThere();
    for (const frame of new Set(pulses.map((pulse) => pulse.frame)))
      keysFor(
        pulses.filter((pulse) => pulse.frame === frame),
        this.triggers,
      );
    this.schedule.add(pulses);
  }

  /** What has been set off is a single pulse, and over; what waits is dropped. */
  async cancel(): Promise<void> {
    this.schedule.cancel();
  }

  protected hangUp(): void {
    this.link.end("was closed");
  }
}

export async function openIntan(options: IntanOptions = {}): Promise<IntanReader | IntanStimulator> {
  const { host = "127.0.0.1", port = 5000, waveformPort = 5001, spikePort = 5002, file = {} } = options;
  const triggers = file.triggers ?? [];
  checkTriggers(triggers);
  if (triggers.length > 0 && file.preparation === "person")
    throw new DeviceError("device file: a device on a person is read-only; take the triggers out");
  let link: RhxLink | undefined;
  const commands = await RhxCommands.open(host, port, (why) => link?.end(why));
  try {
    const stimulates = /^ControllerStimRecord/i.test(await commands.get("Type"));
    if (triggers.length > 0 && !stimulates)
      throw new DeviceError(
        `RHX at ${host}:${port}: this controller cannot stimulate; take the triggers out`,
      );
    await stopRunning(commands, `RHX at ${host}:${port}`);
    const framesPerSecond = Number(await commands.get("SampleRateHertz"));
    if (!(framesPerSecond > 0))
      throw new DeviceError(`RHX at ${host}:${port}: expected a rate, got ${framesPerSecond} Hz`);
    const names = await channelNames(commands);
    const stepUa = stimulates ? Number(await commands.get("StimStepSizeMicroAmps")) : 0;
    const profile = intanProfile(names, framesPerSecond, stepUa, file);
    const schedule = new PulseSchedule(framesPerSecond, (pulses) => {
      for (const key of keysFor(pulses, triggers)) commands.say(`execute ManualStimTriggerPulse ${key}`);
    });
    link = new RhxLink(
      {
        host,
        waveformPort,
        spikePort,
        names,
        framesPerSecond,
        spikes: options.spikes ?? "rhx",
        ...(options.onSamples && { onSamples: options.onSamples }),
        silenceMs: options.silenceMs ?? 2000,
        onClock: (frame) => schedule.heard(frame),
        onLost: () => schedule.cancel(),
      },
      () => commands,
    );
    if (triggers.length > 0) await upload(commands, names, triggers, stepUa);
    await commands.send(link.outputCommands());
    await link.connect();
    await commands.set("RunMode", "Run");
    await link.begin();
    if (triggers.length === 0 || !isStimulable(profile)) return new IntanReader(profile, link);
    return new IntanStimulator(profile, link, triggers, schedule);
  } catch (error) {
    if (link) link.end("could not be opened");
    else commands.close();
    throw error;
  }
}

/** Stops a controller at once, whoever runs it. */
export async function stopIntan(host: string, port: number): Promise<string> {
  const commands = await RhxCommands.open(host, port, () => {});
  const mode = await commands.get("RunMode");
  if (!/^stop$/i.test(mode)) await commands.set("RunMode", "Stop");
  commands.close();
  return mode;
}

function isStimulable(profile: DeviceProfile): profile is StimulableProfile {
  return profile.preparation !== "person";
}

async function stopRunning(commands: RhxCommands, where: string): Promise<void> {
  const mode = await commands.get("RunMode");
  if (/^(record|trigger)$/i.test(mode))
    throw new DeviceError(`${where} is recording (RunMode ${mode}); stop it there first`);
  if (!/^stop$/i.test(mode)) await commands.set("RunMode", "Stop");
}

async function channelNames(commands: RhxCommands): Promise<string[]> {
  const names: string[] = [];
  for (const port of PORTS) {
    const count = await commands.get(`${port}.NumberAmplifierChannels`).then(Number, (error) => {
      if (error instanceof DeviceError && port > "A") return 0; // a controller with fewer ports
      throw error;
    });
    for (let i = 0; i < count; i++) names.push(`${port}-${String(i).padStart(3, "0")}`);
  }
  if (names.length === 0) throw new DeviceError("RHX has no amplifier channels; is a headstage connected?");
  return names;
}

/** Uploads the triggers' pulses, and makes sure that no other channel stimulates. */
async function upload(
  commands: RhxCommands,
  names: readonly string[],
  triggers: readonly Trigger[],
  stepUa: number,
): Promise<void> {
  const parameters = triggers.map((trigger) => stimulationParameters(trigger, stepUa));
  await commands.send(names.map((name) => `set ${name}.StimEnabled False`));
  for (const [i, { channels }] of triggers.entries())
    for (const channel of channels)
      for (const [parameter, value] of parameters[i])
        await commands.set(`${names[channel]}.${parameter}`, value);
  await commands.send(["execute UploadStimParameters"]);
  const deadline = performance.now() + UPLOAD_MS;
  while (/^true$/i.test(await commands.get("UploadInProgress"))) {
    if (performance.now() > deadline) throw new DeviceError("RHX: the upload of stimulation did not end");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function intanProfile(
  names: readonly string[],
  framesPerSecond: number,
  stepUa: number,
  file: DeviceFile,
): DeviceProfile {
  const about = { name: "Intan RHX", preparation: file.preparation ?? "in-vitro", framesPerSecond };
  const profile = profileOf(
    about,
    names.map((_, channel) => channel),
    file,
  );
  if (profile.hardware || !(stepUa > 0)) return profile;
  const maxCurrentUa = stepUa * MAX_STEPS;
  return {
    ...profile,
    hardware: { maxCurrentUa, maxChargePerPhaseNc: (maxCurrentUa * MAX_PHASE_US) / 1000 },
  };
}
