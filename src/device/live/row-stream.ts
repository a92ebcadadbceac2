/** Samples that come as rows of all channels: into frames, spikes and an inbox. */
import { PacketFault } from "../lost.ts";
import type { Inbox } from "./inbox.ts";
import { SampleClock } from "./sample-clock.ts";
import type { SpikeFinder } from "./spike-finder.ts";

export interface Row {
  readonly timeS: number;
  /** One value per channel. */
  readonly values: ArrayLike<number>;
}

/** More than this in one step is no gap. */
const MAX_GAP_S = 3600;

export class RowStream {
  private readonly clock: SampleClock;

  constructor(
    private readonly channels: readonly number[],
    private readonly samplesPerSecond: number,
    private readonly finder: SpikeFinder,
    private readonly inbox: Inbox,
  ) {
    this.clock = new SampleClock(samplesPerSecond);
  }

  /** Takes in rows, in time order. */
  add(rows: readonly Row[]): void {
    let run: { fromFrame: number; rows: Row[] } | undefined;
    const flush = () => {
      if (!run) return;
      const { fromFrame, rows: taken } = run;
      this.channels.forEach((channel, i) => {
        this.finder.feed({ channel, fromFrame, samples: taken.map(({ values }) => values[i]) });
      });
      const until = fromFrame + taken.length;
      this.inbox.add(this.finder.takeUntil(until), until);
    };
    for (const row of rows) {
      const frame = this.clock.frameAt(row.timeS);
      if (frame - this.inbox.untilFrame > MAX_GAP_S * this.samplesPerSecond)
        throw new PacketFault("a sample came more than an hour after the last one");
      if (run && frame === run.fromFrame + run.rows.length) run.rows.push(row);
      else {
        flush();
        run = { fromFrame: frame, rows: [row] };
      }
    }
    flush();
  }
}
