/**
 * A stream of the Lab Streaming Layer as a device that can be read: found by name or type, its samples turned into
 * frames by their own times, spikes found by threshold (recording/detection), raw samples to `onSamples`. Unless the
 * device file says otherwise it is on a person, as most streams are. https://labstreaminglayer.org
 */
import type { DeviceProfile, ReadOnlyDriver } from "../contract.ts";
import { type DeviceFile, profileOf } from "../device-file.ts";
import { Inbox } from "../live/inbox.ts";
import { LiveReader } from "../live/reader.ts";
import { RowStream } from "../live/row-stream.ts";
import { type SampleBlock, SpikeFinder } from "../live/spike-finder.ts";
import { Watchdog } from "../live/watchdog.ts";
import { DeviceError, DeviceLost } from "../lost.ts";
import { measureCorrection, type TimeCorrection } from "./clock.ts";
import { LslInlet } from "./inlet.ts";
import { type FoundStream, resolveStreams } from "./resolve.ts";

export interface LslOptions {
  readonly name?: string;
  readonly type?: string;
  /** A host to ask beside those that multicast reaches. */
  readonly host?: string;
  readonly file?: DeviceFile;
  readonly onSamples?: (block: SampleBlock) => void;
  /** `machine`: look for the stream on this one and on `host` only. */
  readonly reach?: "network" | "machine";
  /** How long to look for the stream. */
  readonly waitMs?: number;
  /** A stream that sends nothing for this long is lost. */
  readonly silenceMs?: number;
}

export class LslDriver extends LiveReader<DeviceProfile> implements ReadOnlyDriver {
  private inlet: LslInlet | undefined;
  private watchdog: Watchdog | undefined;
  private measured: TimeCorrection | undefined;
  private readonly stream: RowStream;

  private constructor({ info }: FoundStream, { file = {}, onSamples }: LslOptions) {
    const channels = Array.from({ length: info.channels }, (_, channel) => channel);
    const { preparation = "person" } = file;
    const about = { name: `LSL ${info.name}`, preparation, framesPerSecond: info.samplesPerSecond };
    const inbox = new Inbox();
    super(profileOf(about, channels, file), inbox);
    const finder = new SpikeFinder(channels, info.samplesPerSecond, undefined, onSamples);
    this.stream = new RowStream(channels, info.samplesPerSecond, finder, inbox);
  }

  /** Finds the stream, measures its clock, and waits for its first samples. */
  static async open(options: LslOptions = {}): Promise<LslDriver> {
    const found = await findStream(options);
    const driver = new LslDriver(found, options);
    driver.measured = await measureCorrection(found.host, found.info.servicePort);
    driver.inlet = await LslInlet.open(found, {
      onSamples: (samples) => {
        driver.watchdog?.heard();
        driver.stream.add(
          samples.map(({ timeS, values }) => ({ timeS, values: values as readonly number[] })),
        );
      },
      onLost: (reason) => driver.lose(reason),
    });
    const silenceMs = options.silenceMs ?? 5000;
    driver.watchdog = new Watchdog(silenceMs, (ms) =>
      driver.inlet!.end(`has sent nothing for ${(ms / 1000).toFixed(1)} s`),
    );
    await driver.inbox.arrived(1);
    return driver;
  }

  /** How far the stream's clock is from the local one; undefined where it did not answer. */
  get correction(): TimeCorrection | undefined {
    return this.measured;
  }

  protected hangUp(): void {
    this.inlet?.end("was closed");
  }

  private lose(reason: DeviceLost): void {
    this.watchdog?.stop();
    this.inbox.end(reason);
  }
}

async function findStream({
  name,
  type,
  host,
  reach = "network",
  waitMs = 3000,
}: LslOptions): Promise<FoundStream> {
  const wanted = [
    ...(name === undefined ? [] : [`name='${quotable(name)}'`]),
    ...(type === undefined ? [] : [`type='${quotable(type)}'`]),
  ].join(" and ");
  const hosts = host === undefined ? [] : [host];
  const found = await resolveStreams(wanted, { waitMs, first: name !== undefined, hosts, reach });
  const described = wanted === "" ? "stream" : `stream with ${wanted}`;
  if (found.length === 0) throw new DeviceLost(`lsl: no ${described} answers within ${waitMs / 1000} s`);
  if (found.length > 1)
    throw new DeviceError(
      `lsl: ${found.length} streams answer (${found.map(({ info }) => info.name).join(", ")}); name one: lsl://NAME`,
    );
  const [stream] = found;
  const { info } = stream!;
  if (info.format === "string" || !(info.samplesPerSecond > 0) || info.channels === 0)
    throw new DeviceError(
      `lsl: expected a stream of numbers at a steady rate, got ${info.name}: ${info.channels} channels of ${info.format} at ${info.samplesPerSecond} Hz`,
    );
  return stream!;
}

function quotable(text: string): string {
  if (text.includes("'"))
    throw new DeviceError(`lsl: a name with an apostrophe cannot be asked for: ${text}`);
  return text;
}
