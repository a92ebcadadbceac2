/**
 * Which electrodes give and which move. `ranked`: as published, single electrodes by what pulses on each evoke on each (the best pair of
 * pairs). `square`: on the corners of a square of 400 um, 2 x 2 electrodes each, sensory on one diagonal and motor on the other, so that no
 * pairing is nearer than the other and nothing is known before it is taught.
 *
 * Legend: N electrodes.
 */
import type { DeviceProfile } from "../device/contract.ts";
import { Random } from "../math/random.ts";

export interface Places {
  readonly sensory: readonly [readonly number[], readonly number[]];
  readonly motor: readonly [readonly number[], readonly number[]];
}

/** `[N][N]` mean spikes on each electrode after a pulse on each. */
export interface Evoked {
  readonly channels: readonly number[];
  readonly matrix: readonly Float64Array[];
}

const SIDE_UM = 400;
const PITCH_UM = 200;

/** Throws `RangeError` where the array has no such square. */
export function squarePlaces({ electrodes }: Pick<DeviceProfile, "electrodes">, seed: number): Places {
  const at = new Map(electrodes.map(({ xUm, yUm, channel }) => [`${xUm},${yUm}`, channel]));
  const outwards = (far: number) => (far ? [SIDE_UM, SIDE_UM + PITCH_UM] : [0, -PITCH_UM]);
  const squares = electrodes.flatMap(({ xUm, yUm }) => {
    const corners = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ].map(([right, up]) =>
      outwards(right).flatMap((dx) => outwards(up).map((dy) => at.get(`${xUm + dx},${yUm + dy}`))),
    );
    const whole = corners.map((corner) => corner.filter((channel) => channel !== undefined));
    return whole.every(({ length }) => length === 4) ? [whole] : [];
  });
  if (squares.length === 0)
    throw new RangeError(
      "cartpole: expected electrodes 200 um apart, with room for a square of 800 um, got none",
    );
  const random = Random.of(seed, "cartpole square");
  const [a, b, c, d] = squares[random.integer(squares.length)];
  const sensory = random.uniform() < 0.5 ? ([a, c] as const) : ([b, d] as const);
  const others = sensory[0] === a ? ([b, d] as const) : ([a, c] as const);
  return { sensory, motor: random.uniform() < 0.5 ? others : [others[1], others[0]] };
}

/** The best pairs a -> b, c -> d: strong, apart from each other, and their motor electrodes alike in how much they fire. */
export function rankedPlaces({ channels, matrix }: Evoked): Places {
  const N = channels.length;
  const column = (j: number) => Float64Array.from(matrix, (row) => row[j]);
  const means = channels.map((_, j) => column(j).reduce((sum, value) => sum + value, 0) / N);
  const over = matrix.map((row) => row.map((value, j) => value - means[j]));
  const deviations = channels.map(
    (_, j) => Math.sqrt(over.reduce((sum, row) => sum + row[j] ** 2, 0) / N) || 1,
  );
  let best = { score: Number.NEGATIVE_INFINITY, places: [0, 0, 0, 0] };
  for (let a = 0; a < N; a++)
    for (let c = a + 1; c < N; c++) {
      const crossTalk = 0.3 * (over[a][c] / deviations[c] + over[c][a] / deviations[a]);
      for (let b = 0; b < N; b++) {
        if (b === a || b === c) continue;
        const left = over[a][b] - over[c][b] - crossTalk;
        for (let d = 0; d < N; d++) {
          if (d === a || d === b || d === c) continue;
          const score = left + over[c][d] - over[a][d] - 5 * Math.abs(means[b] - means[d]);
          if (score > best.score) best = { score, places: [a, b, c, d] };
        }
      }
    }
  const [a, b, c, d] = best.places.map((i) => [channels[i]]);
  return { sensory: [a, c], motor: [b, d] };
}

/** The electrodes beside those that move the motor ones most: with which the published trainer teaches. */
export function trainingElectrodes(
  { channels, matrix }: Evoked,
  { sensory, motor }: Places,
  count: number,
): number[] {
  const taken = new Set([...sensory, ...motor].flat());
  const heard = motor.flat().map((channel) => channels.indexOf(channel));
  return channels
    .map((channel, i) => ({ channel, reach: heard.reduce((sum, j) => sum + matrix[i][j], 0) }))
    .filter(({ channel }) => !taken.has(channel))
    .sort((one, other) => other.reach - one.reach)
    .slice(0, count)
    .map(({ channel }) => channel);
}
