/** Progress on stderr: a bar with rate and time left on a terminal, now and then a plain line elsewhere. */
import { duration, significant } from "../../report/format.ts";

export interface ProgressEvent {
  /** Units done, from the beginning, those of an earlier, interrupted run included. */
  readonly done: number;
  readonly total: number;
  /** In the plural: `presentations`; `%` where nothing is counted. */
  readonly unit: string;
  /** What is being done. */
  readonly message: string;
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  update(event: ProgressEvent): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

const BAR = 24;
const REDRAW_MS = 100;
const PLAIN_MS = 10_000;

export function createProgress(
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): Progress {
  const terminal = stream.isTTY === true;
  let start: { at: number; done: number } | null = null;
  let drawn = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (terminal) stream.write("\r\u001b[2K");
  };
  return {
    update(event) {
      const at = now();
      start ??= { at, done: event.done };
      const finished = event.done >= event.total;
      if (!finished && at - drawn < (terminal ? REDRAW_MS : PLAIN_MS)) return;
      drawn = at;
      const text = progressLine(event, start.done, (at - start.at) / 1000, terminal);
      if (terminal) stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
      else stream.write(`${text}\n`);
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end: clear,
  };
}

/** One line: share, count, rate since the start, time left. */
export function progressLine(
  { done, total, unit, message }: ProgressEvent,
  firstDone: number,
  seconds: number,
  withBar: boolean,
): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const rate = seconds > 0 ? (done - firstDone) / seconds : 0;
  const parts = [`${Math.floor(100 * share)} %`];
  if (unit !== "%") parts.push(`${done}/${total} ${unit}`);
  if (rate > 0 && unit !== "%") parts.push(`${significant(rate)}/s`);
  if (rate > 0 && done < total) parts.push(`${duration((total - done) / rate)} left`);
  parts.push(message);
  const full = Math.round(share * BAR);
  return (withBar ? `${"█".repeat(full)}${"░".repeat(BAR - full)} ` : "") + parts.join(" · ");
}
