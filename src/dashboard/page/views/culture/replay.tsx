/** The recording of a saved run, played again: which stretch, and where in it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { placeText } from "../../../place.ts";
import { Player } from "../../figures/player.tsx";
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { choose, chosenNumber, type Route } from "../../state/route.ts";

const SPEEDS = [0.1, 0.5, 1, 4, 16];

export interface ReplayState {
  /** Undefined while the run is live. */
  readonly playhead: (() => number) | undefined;
  readonly segment: number;
  readonly speed: number;
  readonly isPlaying: boolean;
  readonly length: number;
  seek(seconds: number): void;
  play(isPlaying: boolean): void;
}

/** `preferred`: phase of the stretch that is played unless another is chosen. */
export function useReplay(model: Model, route: Route, culture: number, preferred = "probe"): ReplayState {
  const mine = model.segments
    .map((segment, index) => ({ ...segment, index }))
    .filter((segment) => segment.culture === culture);
  const first = mine.find(({ arm, phase }) => arm === "descent" && phase === preferred) ?? mine[0];
  const chosen = chosenNumber(route, "segment", first?.index ?? -1);
  const segment = mine.some(({ index }) => index === chosen) ? chosen : (first?.index ?? -1);
  const speed = chosenNumber(route, "speed", 1);
  const [isPlaying, play] = useState(true);
  const head = useRef({ at: 0, since: performance.now() });
  const { now: length } = model.activityOf(culture);
  useEffect(() => {
    if (segment < 0) return;
    model.activity.delete(culture);
    head.current = { at: 0, since: performance.now() };
    send({ kind: "segment", index: segment });
  }, [model, segment, culture]);
  const advance = () => {
    const now = performance.now();
    const end = model.activityOf(culture).now;
    if (isPlaying && end > 0) head.current.at += (speed * (now - head.current.since)) / 1000;
    if (head.current.at > end && end > 0) head.current.at = 0;
    head.current.since = now;
    return head.current.at;
  };
  return {
    playhead: model.run?.state === "saved" ? advance : undefined,
    segment,
    speed,
    isPlaying,
    length,
    play,
    seek: (seconds) => {
      head.current = { at: seconds, since: performance.now() };
    },
  };
}

export function Replay({
  model,
  culture,
  replay,
}: {
  readonly model: Model;
  readonly culture: number;
  readonly replay: ReplayState;
}) {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((n) => n + 1), 250);
    return () => clearInterval(timer);
  }, []);
  const at = replay.playhead?.() ?? 0;
  const groups = model.segments
    .map((segment, index) => ({ ...segment, index }))
    .filter((segment) => segment.culture === culture);
  if (groups.length === 0)
    return (
      <p class="soft">
        {model.run?.config["record"] === false
          ? "This run keeps no recording: its spikes cannot be replayed."
          : "This run has no recording yet."}
      </p>
    );
  return (
    <Player
      label="Replay"
      isPlaying={replay.isPlaying}
      play={replay.play}
      speed={replay.speed}
      speeds={SPEEDS}
      at={at}
      length={replay.length}
      step={0.05}
      says="Position in the recording, in seconds"
      seek={replay.seek}
    >
      <label class="choice">
        recorded{" "}
        <select value={replay.segment} onChange={(event) => choose("segment", event.currentTarget.value)}>
          {groups.map(({ index, arm, cycle, phase, startSeconds, stopSeconds }) => (
            <option key={index} value={index}>
              {placeText({ arm, cycle, phase })} ({(stopSeconds - startSeconds).toFixed(0)} s)
            </option>
          ))}
        </select>
      </label>
    </Player>
  );
}
