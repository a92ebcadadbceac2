/** What many brains do together: the move of most of them; ties go round with `turn`, so that none is preferred. No model takes part. */
export function together(said: ArrayLike<number>, turn: number, moves: number): number {
  const votes = new Int32Array(moves);
  for (let brain = 0; brain < said.length; brain++) votes[said[brain]]++;
  const inTurn = Array.from({ length: moves }, (_, i) => (i + turn) % moves);
  return inTurn.reduce((best, move) => (votes[move] > votes[best] ? move : best));
}
