/** What plays something again: hold and play, how fast, and where it is. */
import type { ComponentChildren } from "preact";
import { choose } from "../state/route.ts";

export interface PlayerProps {
  readonly label: string;
  readonly isPlaying: boolean;
  readonly play: (isPlaying: boolean) => void;
  readonly speed: number;
  readonly speeds: readonly number[];
  /** Seconds, and of which the slider's steps are. */
  readonly at: number;
  readonly length: number;
  readonly step: number;
  /** Of the slider. */
  readonly says: string;
  readonly seek: (seconds: number) => void;
  /** What is played: before the buttons. */
  readonly children?: ComponentChildren;
}

export function Player(props: PlayerProps) {
  const { label, isPlaying, play, speed, speeds, at, length, step, says, seek, children } = props;
  return (
    <fieldset class="chooser" aria-label={label}>
      {children}
      <button type="button" onClick={() => play(!isPlaying)}>
        {isPlaying ? "Hold" : "Play"}
      </button>
      <label class="choice">
        speed{" "}
        <select value={speed} onChange={(event) => choose("speed", event.currentTarget.value)}>
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </label>
      <label class="choice grow">
        <span>{at.toFixed(1)} s</span>
        <input
          type="range"
          min={0}
          max={Math.max(step, length)}
          step={step}
          value={at}
          aria-label={says}
          onInput={(event) => seek(Number(event.currentTarget.value))}
        />
        <span>{length.toFixed(length < 10 ? 1 : 0)} s</span>
      </label>
    </fieldset>
  );
}
