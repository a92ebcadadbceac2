/**
 * An Intan controller as a device, through the RHX software's TCP ports. Frame 0 is the first sample after the
 * controller was told to run; channels are numbered port by port (A-000 is 0). A stimulation controller whose device
 * file has triggers can stimulate (triggers.ts); every other one can only be read. Closing, and whatever ends the
 * link, stops the controller. https://intantech.com/RHX_software.html
 */
import type { DeviceProfile, Driver, Frame, ReadOnlyDriver, StimulableProfile } from "../contract.ts";
import { type DeviceFile, deviceIdOf, profileOf } from "../device-file.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import type { StimulationLimits } from "../gate/limits.ts";
import { takeCleared } from "../gate/open.ts";
import { LiveClock } from "../live/clock.ts";
import { groupPulses, PulseSchedule } from "../live/pulse-schedule.ts";
import { LiveReader } from "../live/reader.ts";
import type { SampleBlock } from "../live/spike-finder.ts";
import { DeviceError } from "../lost.ts";
import { systemTime, type Time } from "../time.ts";
import { type Arming, arm, armedNames, disarm, judgeTriggers, lastWords } from "./arming.ts";
import { type RhxAddress, RhxCommands } from "./commands.ts";
import { RhxLink } from "./link.ts";
import { checkTriggers, type KeyPress, keysFor, MAX_PHASE_US, MAX_STEPS } from "./triggers.ts";

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
  /** What each pulse of a trigger is judged by before it is uploaded. Default: `DEFAULT_LIMITS`. */
  readonly limits?: StimulationLimits;
  /** The network and the time of a test. */
  readonly dial?: NonNullable<RhxAddress["dial"]>;
  readonly time?: Time;
}

const PORTS = ["A", "B", "C", "D", "E", "F", "G", "H"];

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

/** What a stimulator is made of, once it runs. */
interface Armed {
  readonly deviceId: string;
  readonly link: RhxLink;
  readonly commands: RhxCommands;
  readonly arming: Arming;
  readonly clock: LiveClock;
  readonly schedule: PulseSchedule<KeyPress>;
}

/** A stimulation controller with triggers. */
export class IntanStimulator extends LiveReader<StimulableProfile> implements Driver {
  readonly deviceId: string;
  readonly time: Time;

  constructor(
    profile: StimulableProfile,
    private readonly armed: Armed,
  ) {
    super(profile, armed.link.inbox);
    this.deviceId = armed.deviceId;
    this.time = armed.clock.time;
  }

  get link(): RhxLink {
    return this.armed.link;
  }

  present(): Frame {
    return Math.floor(this.armed.clock.present());
  }

  /** Refuses pulses that no key sends; the others set off their keys when the clock reaches their frame. */
  async deliver(cleared: ClearedPulses): Promise<void> {
    const delivery = takeCleared(this, cleared);
    if (this.closed) throw new Error(`deliver: device ${this.profile.name} is closed`);
    this.inbox.assertThere();
    const { arming, schedule } = this.armed;
    const together = groupPulses(delivery.pulses, ({ frame }) => frame);
    schedule.add(
      delivery,
      together.flatMap((pulses) => keysFor(pulses, arming.triggers)),
    );
  }

  /** What has been set off is a single pulse, and over; what waits is dropped. */
  async cancel(): Promise<void> {
    this.armed.schedule.cancel();
  }

  protected async hangUp(): Promise<void> {
    const { schedule, link, commands, arming } = this.armed;
    schedule.cancel();
    // A link that ends meanwhile has said its last words, which are the same.
    if (!link.inbox.ended) await disarm(commands, armedNames(arming)).catch(() => {});
    link.end("was closed");
  }
}

export async function openIntan(options: IntanOptions = {}): Promise<IntanReader | IntanStimulator> {
  const { host = "127.0.0.1", port = 5000, waveformPort = 5001, spikePort = 5002, file = {} } = options;
  const { dial, time = systemTime, limits } = options;
  const triggers = file.triggers ?? [];
  checkTriggers(triggers);
  if (triggers.length > 0 && file.preparation === "person")
    throw new DeviceError("device file: a device on a person is read-only; take the triggers out");
  let link: RhxLink | undefined;
  let words: readonly string[] = [];
  const address = { host, port, ...(dial && { dial }) };
  const commands = await RhxCommands.open(address, (why) => link?.end(why));
  try {
    const stimulates = await canStimulate(commands);
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
    const arming: Arming = { profile, names, triggers, stepUa, ...(limits && { limits }) };
    judgeTriggers(arming);
    words = lastWords(armedNames(arming));
    const clock = new LiveClock(framesPerSecond, time);
    const schedule = new PulseSchedule<KeyPress>(clock, ({ key }) =>
      commands.say(`execute ManualStimTriggerPulse ${key}`),
    );
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
        onClock: (frame) => clock.heard(frame),
        onLost: () => schedule.cancel(),
        lastWords: words,
        time,
        ...(dial && { dial }),
      },
      () => commands,
    );
    if (stimulates) await arm(commands, arming);
    await commands.send(link.outputCommands());
    await link.connect();
    await commands.set("RunMode", "Run");
    await link.begin();
    if (triggers.length === 0 || !isStimulable(profile)) return new IntanReader(profile, link);
    const deviceId = deviceIdOf("intan", `${host}-${port}`, file);
    return new IntanStimulator(profile, { deviceId, link, commands, arming, clock, schedule });
  } catch (error) {
    if (link) link.end("could not be opened");
    else commands.close();
    throw error;
  }
}

/** Stops a controller at once, whoever runs it, and switches off the stimulation of every channel. */
export async function stopIntan(host: string, port: number): Promise<string> {
  const commands = await RhxCommands.open({ host, port }, () => {});
  try {
    const mode = await commands.get("RunMode");
    if (!/^stop$/i.test(mode)) await commands.set("RunMode", "Stop");
    if (await canStimulate(commands)) await disarm(commands, await channelNames(commands));
    return mode;
  } finally {
    commands.close();
  }
}

async function canStimulate(commands: RhxCommands): Promise<boolean> {
  return /^ControllerStimRecord/i.test(await commands.get("Type"));
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
