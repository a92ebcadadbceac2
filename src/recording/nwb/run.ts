/**
 * The one NWB file of a run, appended from the spool while the run goes on. Segments enter in the canonical order,
 * each as soon as all before it are in the spool, whatever order the workers finish in. The file grows beside its
 * place under `.part`; what was appended before a kill is appended again from the spool, so that the finished
 * file's bytes are those of an undisturbed run.
 */
import { renameSync } from "node:fs";
import { storing } from "../../files/storage.ts";
import { RecordingError } from "../contract.ts";
import { hasSegment, readSegment } from "../spool/files.ts";
import { type Segment, type SegmentId, segmentKey } from "../spool/segment.ts";
import { cultureKey } from "./origin.ts";
import type { NwbSession } from "./session.ts";
import { type NwbPulse, type NwbUnit, NwbWriter } from "./writer.ts";

export class NwbRun {
  private appended = 0;
  private constructor(
    private readonly path: string,
    private readonly session: NwbSession,
    private readonly writer: NwbWriter,
    private readonly spooled: { readonly folder: string; readonly order: readonly SegmentId[] },
  ) {}

  /** Starts the file. `order` lists every segment of the run in canonical order: time ascending for each culture. */
  static async open(
    path: string,
    session: NwbSession,
    spoolFolder: string,
    order: readonly SegmentId[],
  ): Promise<NwbRun> {
    const keys = new Set(order.map(segmentKey));
    if (keys.size !== order.length) throw new RecordingError("NWB run: a segment is listed twice");
    const writer = await NwbWriter.create(`${path}.part`, session);
    return new NwbRun(path, session, writer, { folder: spoolFolder, order });
  }

  /** Appends the segments that are next in order and in the spool; at most `limit`. Returns how many. */
  advance(limit = Number.POSITIVE_INFINITY): number {
    const { folder, order } = this.spooled;
    const before = this.appended;
    while (this.appended < order.length && this.appended - before < limit) {
      const id = order[this.appended];
      if (!hasSegment(folder, id)) break;
      appendSegment(this.writer, this.session, readSegment(folder, id));
      this.appended++;
    }
    return this.appended - before;
  }

  /** Appends the rest and puts the finished file in its place. */
  close(): void {
    this.advance();
    const { order } = this.spooled;
    const missing = order[this.appended];
    if (missing)
      throw new RecordingError(
        `${this.path}: ${order.length - this.appended} segments are not in the spool, first ${segmentKey(missing)}`,
      );
    this.writer.close();
    storing(this.path, () => renameSync(`${this.path}.part`, this.path));
  }

  /** Leaves the file unfinished; the spool keeps everything. */
  abandon(): void {
    this.writer.abandon();
  }
}

/** Writes the whole NWB file from segments in the order given. */
export async function buildNwb(
  path: string,
  session: NwbSession,
  segments: Iterable<Segment>,
): Promise<void> {
  const writer = await NwbWriter.create(`${path}.part`, session);
  for (const segment of segments) appendSegment(writer, session, segment);
  writer.close();
  storing(path, () => renameSync(`${path}.part`, path));
}

function appendSegment(writer: NwbWriter, session: NwbSession, segment: Segment): void {
  writer.appendUnits(segment, unitsOf(segment, session));
  writer.appendStimulation(segment, pulsesOf(segment, session.framesPerSecond));
  const seconds = (frame: number) => frame / session.framesPerSecond;
  const trials = (segment.trials ?? []).map(({ startFrame, endFrame, text, target }) => ({
    startSeconds: seconds(startFrame),
    stopSeconds: seconds(endFrame),
    text,
    target,
  }));
  writer.appendTrials(segment, trials);
  for (const { name, unit, description, values, frames } of segment.series)
    writer.appendTimeSeries(
      { module: MODULE, name: `${cultureKey(segment)}_${name}`, unit, description },
      values,
      frames,
    );
}

/** One of the names that NWB's best practices know a module by. */
const MODULE = "misc";

/** One row per electrode, silent ones too: no spikes in an observed stretch is a finding. */
function* unitsOf(segment: Segment, session: NwbSession): Generator<NwbUnit> {
  const { frames, channels } = segment.spikes;
  const rate = session.framesPerSecond;
  const starts = new Uint32Array(session.electrodes.length + 1);
  for (const channel of channels) {
    if (channel >= session.electrodes.length)
      throw new RecordingError(
        `segment ${segmentKey(segment)}: a spike on channel ${channel} of ${session.electrodes.length} electrodes`,
      );
    starts[channel + 1]++;
  }
  for (let channel = 0; channel < session.electrodes.length; channel++)
    starts[channel + 1] += starts[channel];
  const times = new Float64Array(frames.length);
  const next = starts.slice();
  for (let i = 0; i < frames.length; i++) times[next[channels[i]]++] = frames[i] / rate;
  for (let channel = 0; channel < session.electrodes.length; channel++)
    yield {
      channel,
      spikeTimes: times.subarray(starts[channel], starts[channel + 1]),
      startSeconds: segment.startFrame / rate,
      stopSeconds: segment.endFrame / rate,
    };
}

function* pulsesOf({ pulses }: Segment, framesPerSecond: number): Generator<NwbPulse> {
  for (const { frame, ...pulse } of pulses) yield { ...pulse, startSeconds: frame / framesPerSecond };
}
