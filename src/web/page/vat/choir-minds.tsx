/** "One mind or many": a vat that plays on by what all its brains say together, or every brain by what it says itself. */
import { useEffect } from "preact/hooks";
import { MINDS, type Mind, PLAYED } from "../../choir.ts";
import type { Sound } from "../sound.ts";
import type { ChoirPlay, ChoirRun } from "./choir-run.ts";
import { STEP_MS } from "./duel-run.ts";

const NAMES: Readonly<Record<Mind, { readonly name: string; readonly why: string }>> = {
  one: { name: "One mind", why: "all hear what they say together" },
  many: { name: "Many minds", why: "each hears what it says itself" },
};

const percent = (share: number) => `${Math.round(100 * share)} %`;

export function ChoirMinds({ run, sound }: { readonly run: ChoirRun; readonly sound: Sound }) {
  const { mind, plays } = run;
  useEffect(() => {
    if (mind && plays) strike(plays[mind], sound);
  }, [mind, plays]);
  return (
    <div class="minds">
      <p>Then they play on from the first note, {PLAYED} notes, nothing being written.</p>
      <div class="tools">
        {MINDS.map((each) => (
          <button
            key={each}
            type="button"
            disabled={run.isBusy}
            aria-pressed={mind === each}
            onClick={() => {
              sound.wake();
              run.playAs(each);
            }}
          >
            {NAMES[each].name} <span class="soft">{NAMES[each].why}</span>
          </button>
        ))}
      </div>
      {mind && !plays ? <p role="status">They play on …</p> : null}
      {mind && plays ? (
        <>
          <p role="status">
            As one mind {percent(plays.one.share)} of the notes follow the tune, as many{" "}
            {percent(plays.many.share)}; of their untaught twins {percent(plays.one.twin)} and{" "}
            {percent(plays.many.twin)}.
          </p>
          <Kept play={plays[mind]} mind={mind} />
        </>
      ) : null}
    </div>
  );
}

/** A row for each brain, a place for each note, full where it follows the tune; one mind is one row. */
function Kept({ play, mind }: { readonly play: ChoirPlay; readonly mind: Mind }) {
  const { kept } = play;
  const rows = mind === "one" ? 1 : kept[0].length;
  const path = kept
    .flatMap((brains, q) =>
      brains
        .slice(0, rows)
        .map((right, brain) => (right ? `M${q + 0.06} ${brain + 0.06}h.88v.88h-.88z` : "")),
    )
    .join("");
  return (
    <svg
      class={`kept ${mind}`}
      viewBox={`0 0 ${PLAYED} ${rows}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${percent(play.share)} of the notes follow the tune: ${mind === "one" ? "one row for all brains" : "a row for each brain"}.`}
    >
      <path d={path} />
    </svg>
  );
}

/** Sounds it at life's own speed, each note as loud as there are brains that play it. */
function strike({ played }: ChoirPlay, sound: Sound): void {
  for (const [q, notes] of played.slice(1).entries())
    for (const note of new Set(notes)) {
      const share = notes.filter((each) => each === note).length / notes.length;
      if (share > 0.1) sound.strike(note, share, q * STEP_MS);
    }
}
