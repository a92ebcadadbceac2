/** Everything the page knows of the run that it shows: what the server's messages and frames have told. */
import type {
  CourtFrame,
  LiveFrame,
  PopulationFrame,
  ScreenFrame,
  StateFrame,
  WeightsFrame,
} from "../../../experiment/live/frames.ts";
import { type MessageOf, type RunMessage, type ServerMessage, WHOLE } from "../../protocol.ts";
import { CultureActivity } from "./activity.ts";

const LOG_LINES = 500;
const TIMINGS = 4000;

export class Model {
  run: RunMessage | null = null;
  runs: MessageOf<"runs"> | null = null;
  progress: MessageOf<"progress"> | null = null;
  report: MessageOf<"report"> | null = null;
  comparison: MessageOf<"comparison"> | null = null;
  segments: MessageOf<"segments">["segments"] = [];
  refused: MessageOf<"refused"> | null = null;
  readonly places = new Map<number, MessageOf<"place">>();
  /** What electrodes stand for, by culture. */
  readonly roles = new Map<number, MessageOf<"roles">>();
  readonly stages: MessageOf<"stage">[] = [];
  /** By culture, or by the vat's seed where all brains are written to as one. */
  readonly writes = new Map<string, MessageOf<"write">[]>();
  readonly fits: MessageOf<"fit">[] = [];
  /** By culture and arm. */
  readonly probes = new Map<string, MessageOf<"probe">>();
  readonly ledgers = new Map<number, MessageOf<"ledger">>();
  readonly stopped = new Map<number, MessageOf<"stopped">>();
  readonly log: MessageOf<"log">[] = [];
  drawn: MessageOf<"drawn"> | null = null;
  reading: MessageOf<"reading"> | null = null;
  sentences: MessageOf<"sentences"> | null = null;
  readonly lessons = new Map<number, MessageOf<"lesson">>();
  /** By culture, arm and phase. */
  readonly heard = new Map<string, MessageOf<"heard">>();
  tuning: MessageOf<"tuning">["tuning"] | null = null;
  /** By seed, arm and cycle. */
  readonly vatProbes = new Map<string, MessageOf<"vatProbe">>();
  /** Pong of saved probes, by seed, arm and cycle. */
  readonly played = new Map<string, MessageOf<"court">>();
  readonly deviceMs: number[] = [];
  readonly computeMs: number[] = [];
  deviceSecondsPerSecond = 0;
  readonly activity = new Map<number, CultureActivity>();
  readonly states = new Map<number, StateFrame>();
  readonly weights = new Map<number, WeightsFrame>();
  readonly courts = new Map<number, CourtFrame>();
  readonly screens = new Map<number, ScreenFrame>();
  population: PopulationFrame | null = null;
  /** Whether the server is there. */
  isConnected = false;
  /** Counts up with everything that is told. */
  version = 0;

  activityOf(culture: number): CultureActivity {
    let activity = this.activity.get(culture);
    if (!activity) {
      activity = new CultureActivity(this.run?.framesPerSecond ?? 25_000);
      this.activity.set(culture, activity);
    }
    return activity;
  }

  /** Of a culture, or of the vat that it is a brain of. */
  writesOf(culture: number): readonly MessageOf<"write">[] {
    return this.writes.get(this.keyOf(culture)) ?? [];
  }

  fitsOf(culture: number): readonly MessageOf<"fit">[] {
    return this.fits.filter((fit) => keyOf(fit) === this.keyOf(culture));
  }

  private keyOf(culture: number): string {
    const vat = this.run?.cultures[culture]?.vat;
    return keyOf(vat === undefined ? { culture } : { culture: WHOLE, seed: vat });
  }

  placeOf(culture: number): MessageOf<"place"> | undefined {
    return this.places.get(culture) ?? this.places.get(WHOLE);
  }

  courtOf(culture: number): CourtFrame | undefined {
    return this.courts.get(culture) ?? this.courts.get(WHOLE);
  }

  screenOf(culture: number): ScreenFrame | undefined {
    return this.screens.get(culture) ?? this.screens.get(WHOLE);
  }

  on(message: ServerMessage): void {
    this.version++;
    switch (message.kind) {
      case "run":
        this.run = message;
        break;
      case "runs":
        this.runs = message;
        break;
      case "progress":
        this.progress = message;
        break;
      case "report":
        this.report = message;
        break;
      case "segments":
        this.segments = message.segments;
        break;
      case "refused":
        this.refused = message;
        break;
      case "place":
        this.places.set(message.culture, message);
        break;
      case "stage":
        this.stages.push(message);
        break;
      case "write":
        this.onWrite(message);
        break;
      case "fit":
        this.fits.push(message);
        break;
      case "probe":
        this.probes.set(`${message.culture}:${message.arm}`, message);
        break;
      case "comparison":
        this.comparison = message;
        break;
      case "roles":
        this.roles.set(message.culture, message);
        break;
      case "ledger":
        this.ledgers.set(message.culture, message);
        break;
      case "stopped":
        this.stopped.set(message.culture, message);
        break;
      case "log":
        this.log.push(message);
        if (this.log.length > LOG_LINES) this.log.shift();
        break;
      case "drawn":
        this.drawn = message;
        break;
      case "reading":
        this.reading = message;
        break;
      case "sentences":
        this.sentences = message;
        break;
      case "lesson":
        this.lessons.set(message.culture, message);
        break;
      case "heard":
        this.heard.set(`${message.culture}:${message.arm}:${message.phase}`, message);
        break;
      case "tuning":
        this.tuning = message.tuning;
        break;
      case "vatProbe":
        this.vatProbes.set(`${message.seed}:${message.arm}:${message.cycle}`, message);
        break;
      case "court":
        this.played.set(`${message.seed}:${message.arm}:${message.cycle}`, message);
        break;
      case "timing":
        append(this.deviceMs, message.deviceMs);
        append(this.computeMs, message.computeMs);
        this.deviceSecondsPerSecond = message.deviceSecondsPerSecond;
        break;
    }
  }

  onFrame(frame: LiveFrame): void {
    this.version++;
    switch (frame.type) {
      case "activity":
        this.activityOf(frame.culture).add(frame);
        break;
      case "state":
        this.states.set(frame.culture, frame);
        break;
      case "weights":
        this.weights.set(frame.culture, frame);
        break;
      case "population":
        this.population = frame;
        break;
      case "court":
        this.courts.set(frame.culture, frame);
        break;
      case "screen":
        this.screens.set(frame.culture, frame);
        break;
    }
  }

  /** Told twice (after a new connection), a write is kept once. */
  private onWrite(write: MessageOf<"write">): void {
    const key = keyOf(write);
    const writes = this.writes.get(key) ?? [];
    if (writes.length === 0) this.writes.set(key, writes);
    const same = writes.findIndex(
      ({ cycle, presentation }) => cycle === write.cycle && presentation === write.presentation,
    );
    if (same >= 0) writes[same] = write;
    else writes.push(write);
  }
}

function keyOf({ culture, seed }: { readonly culture: number; readonly seed?: number | undefined }): string {
  return culture === WHOLE ? `seed ${seed}` : `culture ${culture}`;
}

function append(values: number[], more: readonly number[]): void {
  values.push(...more);
  if (values.length > TIMINGS) values.splice(0, values.length - TIMINGS);
}
