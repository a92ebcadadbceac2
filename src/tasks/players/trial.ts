/** A game as other players than brains learn it: seen as numbers, told of rewards only. */

/** From what is seen to a move. */
export type Agent = (seen: Float32Array) => number;

export interface Trial {
  /** Numbers of an observation. */
  readonly inputs: number;
  readonly moves: number;
  /** Begins the game; it then goes on without end. */
  begin(): void;
  observe(): Float32Array;
  /** Makes a move and gives its reward. */
  play(move: number): number;
}
