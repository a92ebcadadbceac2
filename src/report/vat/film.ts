/** Of a game that draws itself: a life as the player saw it, frame by frame. */
import { section } from "../page/markup.ts";
import { escapeText } from "../plot/svg.ts";
import type { VatReport } from "../schema.ts";

export function filmSection({ game, task }: VatReport): string {
  const film = game?.film ?? [];
  const shots = film.map(({ seconds, scored, move, png }) => {
    const said = `${seconds.toFixed(1)} s, ${scored} so far${move === "" ? "" : `, ${move}`}`;
    return `<figure style="margin:0"><img src="data:image/png;base64,${png}" width="320" height="200" alt="${escapeText(`The game after ${said}.`)}" style="width:100%;height:auto;image-rendering:pixelated"><figcaption>${escapeText(said)}</figcaption></figure>`;
  });
  if (shots.length === 0) return "";
  return section(
    "film",
    "A life, as it was seen",
    "First seed, descent, last probe: a life in the middle of all by what it counts. The pictures are the engine's; their art is Freedoom's (3-clause BSD licence).",
    `<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px" role="group" aria-label="${escapeText(task.name)}">${shots.join("")}</div>`,
  );
}
