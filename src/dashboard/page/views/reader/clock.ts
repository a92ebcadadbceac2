/** A clock of something that is played again: it goes on by itself, and begins anew at its end. */
import { useEffect, useState } from "preact/hooks";

const TICK_SECONDS = 0.05;

export interface Clock {
  readonly at: number;
  readonly isPlaying: boolean;
  play(isPlaying: boolean): void;
  /** Goes there, and holds. */
  seek(seconds: number): void;
}

export function useClock(length: number, speed: number): Clock {
  const [at, move] = useState(0);
  const [isPlaying, play] = useState(true);
  useEffect(() => {
    if (!isPlaying || length <= 0) return;
    const timer = setInterval(
      () => move((before) => (before + TICK_SECONDS * speed) % length),
      1000 * TICK_SECONDS,
    );
    return () => clearInterval(timer);
  }, [isPlaying, speed, length]);
  return {
    at: Math.min(at, length),
    isPlaying,
    play,
    seek: (seconds) => {
      play(false);
      move(seconds);
    },
  };
}
