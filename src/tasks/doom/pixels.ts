/**
 * Perception by pixels: columns of the frame whose luminance differs from that of the empty room, seen from the same place. The
 * room is drawn in an engine of its own, in which nothing lives; nothing else is known of the game.
 *
 * Legend: W columns of 320 pixels, Y rows.
 */
import { type Arena, FIELD_OF_VIEW } from "../../games/doom/arenas/arena.ts";
import { FRAME_HEIGHT, FRAME_WIDTH } from "../../games/doom/engine.ts";
import { grouped, type Percept } from "./percept.ts";

export interface Retina {
  /** An arena of the same rules that nobody plays; opened when first asked for. */
  readonly empty: () => Arena;
}

/** A column is so many pixels wide. */
const COLUMN = 5;
/** Luminance (0 to 255) by which a pixel must differ from the room's. */
const DIFFERS = 24;
/** Of the rows of a column so many must, more than a puff of smoke on the wall has; and how high in map units what is sought is. */
const SHAPES = { kills: { leastRows: 8, height: 56 }, items: { leastRows: 3, height: 19 } } as const;
/** The frame's focal length in pixels. */
const FOCAL = FRAME_WIDTH / 2 / Math.tan((FIELD_OF_VIEW / 2) * (Math.PI / 180));

/** What stands before the room's walls, from left to right: distance by how high it is in the frame. */
export function columnsOf(arena: Arena, { empty }: Retina): Percept[] {
  const { state } = arena.scene;
  const { leastRows, height } = SHAPES[arena.rules.counts];
  const room = empty();
  room.engine.place(state.x, state.y);
  room.engine.look(state.angle);
  const light = luminance(arena.engine.palette());
  // The player's own hand is not looked at.
  const [seen, known] = [arena, room].map(({ engine }) => engine.frame({ hand: false }));
  const columns: Percept[] = [];
  for (let first = 0; first < FRAME_WIDTH; first += COLUMN) {
    let rows = 0;
    for (let y = 0; y < FRAME_HEIGHT; y++) {
      let differing = 0;
      for (let x = first; x < first + COLUMN; x++) {
        const at = y * FRAME_WIDTH + x;
        if (Math.abs(light[seen[at]] - light[known[at]]) > DIFFERS) differing++;
      }
      if (2 * differing > COLUMN) rows++;
    }
    if (rows < leastRows) continue;
    const centre = first + COLUMN / 2 - FRAME_WIDTH / 2;
    columns.push({ bearing: (Math.atan2(centre, FOCAL) * 180) / Math.PI, distance: (height * FOCAL) / rows });
  }
  // Columns lie closer together in degrees towards the edges; in the middle they are furthest apart.
  return grouped(columns, (Math.atan2(COLUMN, FOCAL) * 180) / Math.PI);
}

/** `[256]` of a palette (Rec. 601). */
function luminance(palette: Uint8Array): Float64Array {
  return Float64Array.from(
    { length: 256 },
    (_, i) => 0.299 * palette[3 * i] + 0.587 * palette[3 * i + 1] + 0.114 * palette[3 * i + 2],
  );
}
