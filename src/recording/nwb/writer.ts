/**
 * Writes one NWB 2.7 file row by row with flat memory: units (one row per electrode and recorded segment),
 * stimulation pulses as a TimeIntervals table a culture, and TimeSeries. Equal appends give equal bytes. A file that was not
 * closed is not readable: it is rebuilt from the spool (spool.ts).
 */
import { rmSync } from "node:fs";
import { File, type Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { guarded, loadHdf5 } from "../hdf5.ts";
import { plainText } from "./column.ts";
import { typedGroup } from "./object.ts";
import { cultureKey, type NwbOrigin, ORIGIN, STIMULATION } from "./origin.ts";
import { type SeriesFacts, SeriesWriter } from "./series.ts";
import { type NwbSession, type NwbSkeleton, writeSession } from "./session.ts";
import { DynamicTable } from "./table.ts";

/** The spikes of one electrode in one recorded segment; times in seconds. */
export interface NwbUnit {
  readonly channel: number;
  readonly spikeTimes: ArrayLike<number>;
  readonly startSeconds: number;
  readonly stopSeconds: number;
}

/** One pulse; currents and durations of its phases in order. */
export interface NwbPulse {
  readonly channel: number;
  readonly startSeconds: number;
  readonly phases: readonly { readonly currentUa: number; readonly durationUs: number }[];
  /** In place of phases, where the session is of light. */
  readonly light?: { readonly irradianceMwPerMm2: number; readonly durationUs: number };
}

/** What was asked of the culture in a stretch of time, in words: the sentence that was read, say. */
export interface NwbTrial {
  readonly startSeconds: number;
  readonly stopSeconds: number;
  readonly text: string;
  /** What was to come of it; empty if nothing. */
  readonly target?: string;
}

/** Characters of a trial's text; what is longer is cut. */
const TRIAL_TEXT = 120;

/** The column that stands in place of currents where pulses are of light. */
export const IRRADIANCE = "irradiance_mw_per_mm2";

/** Phases stored per pulse; shorter pulses are padded with phases of no current and no duration. */
export const MAX_PHASES = 3;

/** Lets go of a file that is not needed any more, whole or not. */
function giveUp(file: File): void {
  try {
    guarded("close a file", () => file.close());
  } catch {
    // Not even that: it is closed with the process.
  }
}

export class NwbWriter {
  private readonly units: DynamicTable;
  /** By culture: the times of each ascend. */
  private readonly stimulation = new Map<string, DynamicTable>();
  /** By culture, as pulses are. */
  private readonly trials = new Map<string, DynamicTable>();
  private readonly series = new Map<string, SeriesWriter>();
  private readonly modules = new Map<string, Group>();

  private constructor(
    readonly path: string,
    private readonly file: File,
    private readonly session: NwbSession,
    private readonly skeleton: NwbSkeleton,
  ) {
    const electrodes = skeleton.electrodes;
    const id = session.identifier;
    this.units = new DynamicTable(file, id, {
      name: "units",
      namespace: "core",
      type: "Units",
      description: "spikes per electrode and recorded segment; not sorted",
      columns: [
        {
          name: "spike_times",
          description: "spike times in seconds",
          type: "f64",
          ragged: true,
          chunkRows: 16384,
        },
        { name: "obs_intervals", description: "the recorded segment", type: "f64", width: 2, ragged: true },
        { name: "electrodes", description: "the electrode", type: "i32", ragged: true, region: electrodes },
        ...ORIGIN,
      ],
      chunkRows: 2048,
    });
    guarded("describe units", () => {
      const spikeTimes = this.units.group.get("spike_times")!;
      if ("create_attribute" in spikeTimes)
        spikeTimes.create_attribute("resolution", 1 / session.framesPerSecond, [], "<d");
    });
  }

  /** Starts a new file at `path`, replacing what is there. */
  static async create(path: string, session: NwbSession): Promise<NwbWriter> {
    await loadHdf5();
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(session.startTime))
      throw new RecordingError(
        `NWB session: expected a start time with time zone (2025-01-31T12:00:00Z), got ${session.startTime}`,
      );
    // HDF5 holds a file open that it could not close for want of room, and makes no such file anew: another takes its place.
    rmSync(path, { force: true });
    const file = guarded(`create ${path}`, () => new File(path, "w"));
    try {
      return new NwbWriter(path, file, session, writeSession(file, session));
    } catch (error) {
      giveUp(file);
      throw error;
    }
  }

  appendUnits(origin: NwbOrigin, rows: Iterable<NwbUnit>): void {
    const { seed, code, arm, cycle, phase } = origin;
    for (const { channel, spikeTimes, startSeconds, stopSeconds } of rows) {
      this.checkChannel(channel);
      this.units.append([spikeTimes, [startSeconds, stopSeconds], channel, seed, code, arm, cycle, phase]);
    }
  }

  appendStimulation(origin: NwbOrigin, pulses: Iterable<NwbPulse>): void {
    const { seed, code, arm, cycle, phase } = origin;
    const currents = new Float64Array(MAX_PHASES);
    const durations = new Float64Array(MAX_PHASES);
    for (const { channel, startSeconds, phases, light } of pulses) {
      this.checkChannel(channel);
      if (phases.length > MAX_PHASES)
        throw new RecordingError(
          `NWB stimulation: a pulse has at most ${MAX_PHASES} phases, got ${phases.length}`,
        );
      let durationUs = 0;
      for (let i = 0; i < MAX_PHASES; i++) {
        const lit = i === 0 ? light : undefined;
        currents[i] = lit?.irradianceMwPerMm2 ?? phases[i]?.currentUa ?? 0;
        durations[i] = lit?.durationUs ?? phases[i]?.durationUs ?? 0;
        durationUs += durations[i];
      }
      const stopSeconds = startSeconds + durationUs * 1e-6;
      this.stimulationOf(origin).append([
        startSeconds,
        stopSeconds,
        channel,
        currents,
        durations,
        seed,
        code,
        arm,
        cycle,
        phase,
      ]);
    }
  }

  /** Appends to `/intervals/trials_<culture>`; `table` names it otherwise, where the file is of one culture whose clock never goes back. */
  appendTrials(origin: NwbOrigin, trials: Iterable<NwbTrial>, table = `trials_${cultureKey(origin)}`): void {
    const { seed, code, arm, cycle, phase } = origin;
    for (const { startSeconds, stopSeconds, text, target = "" } of trials)
      this.trialsIn(table).append([
        startSeconds,
        stopSeconds,
        plainText(text, TRIAL_TEXT),
        plainText(target, TRIAL_TEXT),
        seed,
        code,
        arm,
        cycle,
        phase,
      ]);
  }

  /** Appends to the TimeSeries `/processing/<module>/<name>`, which the first call creates. */
  appendTimeSeries(about: SeriesFacts, data: ArrayLike<number>, frames: ArrayLike<number>): void {
    const key = `${about.module}/${about.name}`;
    let series = this.series.get(key);
    if (!series)
      this.series.set(key, (series = new SeriesWriter(this.module(about.module), about, this.session)));
    series.append(data, frames, about.unit);
  }

  close(): void {
    this.units.flush();
    for (const table of this.stimulation.values()) table.flush();
    for (const table of this.trials.values()) table.flush();
    for (const series of this.series.values()) series.close();
    guarded(`close ${this.path}`, () => this.file.close());
  }

  /** Lets go of a file that is made anew. */
  abandon(): void {
    giveUp(this.file);
  }

  private stimulationOf(origin: NwbOrigin): DynamicTable {
    const key = cultureKey(origin);
    const found = this.stimulation.get(key);
    if (found) return found;
    const { intervals, electrodes } = this.skeleton;
    const isLit = this.session.isLit === true;
    const made = new DynamicTable(intervals, this.session.identifier, {
      name: STIMULATION + key,
      namespace: "core",
      type: "TimeIntervals",
      description: "stimulation pulses that passed the safety gate",
      columns: [
        { name: "start_time", description: "start of the pulse in seconds", type: "f64" },
        { name: "stop_time", description: "end of its last phase in seconds", type: "f64" },
        { name: "electrode", description: "the stimulated electrode", type: "i32", region: electrodes },
        {
          name: isLit ? IRRADIANCE : "current_ua",
          description: isLit
            ? "irradiance of the light in mW/mm2, first of the row"
            : "current of each phase in microampere",
          type: "f32",
          width: MAX_PHASES,
        },
        {
          name: "duration_us",
          description: "duration of each phase in microseconds",
          type: "f32",
          width: MAX_PHASES,
        },
        ...ORIGIN,
      ],
      chunkRows: 1024,
    });
    this.stimulation.set(key, made);
    return made;
  }

  private trialsIn(name: string): DynamicTable {
    const found = this.trials.get(name);
    if (found) return found;
    const words = { type: "text", width: TRIAL_TEXT } as const;
    const made = new DynamicTable(this.skeleton.intervals, this.session.identifier, {
      name,
      namespace: "core",
      type: "TimeIntervals",
      description: "what was asked of the culture, one row at a time",
      columns: [
        { name: "start_time", description: "beginning in seconds", type: "f64" },
        { name: "stop_time", description: "end in seconds", type: "f64" },
        { name: "text", description: "what was shown, in words", ...words },
        { name: "target", description: "what was to come of it, in words; empty if nothing", ...words },
        ...ORIGIN,
      ],
      chunkRows: 256,
    });
    this.trials.set(name, made);
    return made;
  }

  private module(name: string): Group {
    const found = this.modules.get(name);
    if (found) return found;
    const made = guarded(`create module ${name}`, () =>
      typedGroup(this.skeleton.processing, name, this.session.identifier, {
        namespace: "core",
        type: "ProcessingModule",
        attributes: { description: "task variables and losses" },
      }),
    );
    this.modules.set(name, made);
    return made;
  }

  private checkChannel(channel: number): void {
    const count = this.session.electrodes.length;
    if (!(channel >= 0 && channel < count))
      throw new RecordingError(`NWB row: expected a channel below ${count}, got ${channel}`);
  }
}
