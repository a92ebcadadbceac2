/** Axes in the page's own text around what WebGL draws. */
import type { ComponentChildren } from "preact";

export interface Tick {
  /** Where on the axis, 0 to 1 from the top left. */
  readonly at: number;
  readonly label: string;
}

export interface AxesProps {
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  /** With their units. */
  readonly xName: string;
  readonly yName: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Axes({ x, y, xName, yName, class: kind = "", children }: AxesProps) {
  return (
    <div class={`axes ${kind}`}>
      <span class="y-name">{yName}</span>
      <div class="y-ticks" aria-hidden="true">
        {y.map(({ at, label }) => (
          <span key={label} style={{ top: `${100 * at}%` }}>
            {label}
          </span>
        ))}
      </div>
      {children}
      <div class="x-ticks" aria-hidden="true">
        {x.map(({ at, label }) => (
          <span key={label} style={{ left: `${100 * at}%` }}>
            {label}
          </span>
        ))}
      </div>
      <span class="x-name">{xName}</span>
    </div>
  );
}

/** Every sixteenth of `count` rows, and the last. */
export function rowTicks(count: number): Tick[] {
  const rows = Array.from({ length: Math.ceil((count - 8) / 16) }, (_, i) => 16 * i);
  return [...rows, count - 1].map((row) => ({ at: (row + 0.5) / count, label: String(row) }));
}
