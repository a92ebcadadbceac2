/** Pong of a saved vat, played again: its first and last probes, step by step, as the journal has kept them. */
import { useEffect, useState } from "preact/hooks";
import type { Court } from "../../../../experiment/live/frames.ts";
import { inOrder, labelOf } from "../../../../report/names.ts";
import type { MessageOf } from "../../../protocol.ts";
import { Player } from "../../figures/player.tsx";
import type { Model } from "../../state/model.ts";
import { choose, chosenNumber, type Route } from "../../state/route.ts";
import { CourtFigure } from "./court.tsx";

type Played = MessageOf<"court">;

/** A step of the game, of the brains' own time. */
const STEP_SECONDS = 0.1;
const SPEEDS = [0.5, 1, 4];
/** The probe that all arms begin with. */
const BEFORE = "common";

export function PlayedAgain({ model, route }: { readonly model: Model; readonly route: Route }) {
  const seeds = [...new Set([...model.played.values()].map(({ seed }) => seed))].sort((a, b) => a - b);
  const seed = chosenNumber(route, "seed", seeds[0] ?? 0);
  const games = gamesOf(model, seeds.includes(seed) ? seed : (seeds[0] ?? 0));
  const chosen = games.find((game) => nameOf(game) === route.chosen["game"]);
  const game = chosen ?? games.find(({ arm, cycle }) => arm === "descent" && cycle >= 0) ?? games[0];
  const speed = chosenNumber(route, "speed", 1);
  const [isPlaying, play] = useState(true);
  // The step belongs to its game: another begins anew, and no late effect takes back what was moved meanwhile.
  const [moved, move] = useState({ game: "", step: 0 });
  const shown = game ? `${game.seed} ${nameOf(game)}` : "";
  const step = moved.game === shown ? moved.step : 0;
  const steps = game?.events.length ?? 0;
  useEffect(() => {
    if (!isPlaying || steps === 0) return;
    const next = (at: typeof moved) => ({
      game: shown,
      step: at.game === shown ? (at.step + 1) % steps : 1 % steps,
    });
    const timer = setInterval(() => move(next), (1000 * STEP_SECONDS) / speed);
    return () => clearInterval(timer);
  }, [isPlaying, speed, steps, shown]);
  if (!game) return null;
  const at = Math.min(step, steps - 1);
  return (
    <CourtFigure
      court={courtAt(game, at)}
      beside={
        <Player
          label="Played again"
          isPlaying={isPlaying}
          play={play}
          speed={speed}
          speeds={SPEEDS}
          at={at * STEP_SECONDS}
          length={(steps - 1) * STEP_SECONDS}
          step={STEP_SECONDS}
          says="Position in the probe, in seconds"
          seek={(seconds) => {
            play(false);
            move({ game: shown, step: Math.round(seconds / STEP_SECONDS) });
          }}
        >
          {seeds.length > 1 ? (
            <label class="choice">
              seed{" "}
              <select value={game.seed} onChange={(event) => choose("seed", event.currentTarget.value)}>
                {seeds.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            </label>
          ) : null}
          <label class="choice">
            probe{" "}
            <select value={nameOf(game)} onChange={(event) => choose("game", event.currentTarget.value)}>
              {games.map((each) => (
                <option key={nameOf(each)} value={nameOf(each)}>
                  {inWords(each)}
                </option>
              ))}
            </select>
          </label>
        </Player>
      }
    />
  );
}

/** Of a seed: the probe before training, then those of the arms in the report's order. */
function gamesOf({ played }: Model, seed: number): Played[] {
  const own = [...played.values()].filter((game) => game.seed === seed);
  const arms = inOrder(Object.fromEntries(own.map(({ arm }) => [arm, true])));
  const place = ({ arm, cycle }: Played) =>
    arm === BEFORE ? -1 : 2 * arms.indexOf(arm) + (cycle < 0 ? 0 : 1);
  return own.sort((a, b) => place(a) - place(b));
}

const nameOf = ({ arm, cycle }: Played) => `${arm}:${cycle}`;

function inWords({ arm, cycle, events }: Played): string {
  const count = (letter: string) => [...events].filter((each) => each === letter).length;
  const of =
    arm === BEFORE ? "before training" : `${labelOf(arm)}, ${cycle < 0 ? "before" : `cycle ${cycle + 1}`}`;
  return `${of}: ${count("h")} of ${count("h") + count("m")} returned`;
}

/** The court after a step, with the score so far. */
function courtAt({ places, paddleSize, events }: Played, step: number): Court {
  const sofar = [...events.slice(0, step + 1)];
  const [ballX = 0.5, ballY = 0.5, paddleY = 0.5] = places.slice(3 * step, 3 * step + 3);
  return {
    ...{ ballX, ballY, paddleY, paddleSize },
    hits: sofar.filter((event) => event === "h").length,
    misses: sofar.filter((event) => event === "m").length,
    rally: sofar.slice(sofar.lastIndexOf("m") + 1).filter((event) => event === "h").length,
  };
}
