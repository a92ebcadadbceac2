/** Pong as it was played in a probe: what is needed to look at it again, kept with the probe, so that no recording is asked for. */
import type { GameView } from "../../tasks/contract.ts";

export interface CourtTrack {
  /** Height of the paddle, of a court 1 wide and 1 high. */
  readonly paddleSize: number;
  /** `[R, 3]` ball x, ball y and paddle y after each step, counted from the bottom left. */
  readonly places: Float32Array;
}

/** Gathers the steps of a game; `track` is null where it was no Pong. */
export class CourtLog {
  private paddleSize = 0;
  private readonly places: number[] = [];

  add(game: GameView | null): void {
    if (!game || "frame" in game) return;
    this.paddleSize = game.paddleSize;
    this.places.push(game.ballX, game.ballY, game.paddleY);
  }

  get track(): CourtTrack | null {
    const { paddleSize, places } = this;
    return places.length === 0 ? null : { paddleSize, places: Float32Array.from(places) };
  }
}
