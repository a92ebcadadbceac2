/** "Play it": sixteen brains learn Pong and play against the reader. */
import { useEffect, useRef, useState } from "preact/hooks";
import { WINNING_POINTS } from "../../duel.ts";
import { LESSON_STEPS } from "../../pong.ts";
import { readPalette } from "../drawing/palette.ts";
import { drawCourt } from "./court.ts";
import { type AloneCount, DuelRun } from "./duel-run.ts";

export function DuelPanel({ seed, isReady }: { readonly seed: number | null; readonly isReady: boolean }) {
  const [run, setRun] = useState<DuelRun | null>(null);
  const [, redraw] = useState(0);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => setRun(null), [seed]);
  useEffect(() => {
    if (!run) return;
    let palette = readPalette();
    const recolour = () => {
      palette = readPalette();
    };
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", recolour);
    let frame = requestAnimationFrame(function draw(nowMs) {
      run.tick(nowMs);
      if (canvas.current) drawCourt(canvas.current, run, { palette, nowMs });
      frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
      scheme.removeEventListener("change", recolour);
      run.close();
    };
  }, [run]);
  const isIdle = run?.stage === "ready" && run.failure === null;
  const aim = (event: PointerEvent & { currentTarget: HTMLCanvasElement }) => {
    const { top, height } = event.currentTarget.getBoundingClientRect();
    run?.aim(1 - (event.clientY - top) / height);
  };
  return (
    <section class="vat duel" aria-label="Pong against a vat">
      <h2>Play against it</h2>
      <p>
        Sixteen other brains have Pong instead of a tune. Eight places on each array say where the ball is;
        up, stay and down are groups of electrodes that a brain answers by. In a lesson the right one is
        written. Try them untaught first.
      </p>
      <div class="tools">
        {run === null ? (
          <button
            type="button"
            disabled={!isReady || seed === null}
            onClick={() => setRun(new DuelRun(seed!, () => redraw((n) => n + 1)))}
          >
            Grow sixteen brains
          </button>
        ) : (
          <>
            <button
              type="button"
              disabled={!isIdle}
              onClick={() => {
                run.play();
                canvas.current?.focus();
              }}
            >
              Play to {WINNING_POINTS} <span class="soft">arrow keys, mouse or finger</span>
            </button>
            <button type="button" disabled={!isIdle} onClick={() => run.teach()}>
              {run.lessons === 0 ? "Teach them" : "Teach them more"}{" "}
              <span class="soft">{LESSON_STEPS / 10} s of their lives</span>
            </button>
          </>
        )}
      </div>
      {run === null ? null : (
        <>
          <p role="status">{said(run)}</p>
          <canvas
            ref={canvas}
            class="court"
            tabIndex={0}
            aria-label="The court: brains at the left, you at the right. Arrow keys move your paddle."
            onPointerMove={aim}
            onPointerDown={aim}
            onKeyDown={(event) => {
              if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
              event.preventDefault();
              run.nudge(event.key === "ArrowUp" ? 1 : -1);
            }}
          />
        </>
      )}
    </section>
  );
}

function said({ failure, stage, grown, size, duel, lessons, alone: [vat, twin] }: DuelRun): string {
  if (failure) return failure;
  if (stage === "growing")
    return `${Math.min(size.brains, Math.floor(grown / 2))} of ${size.brains} brains are grown, and as many untaught twins.`;
  if (stage === "learning") return "A lesson: the right move is written to every brain, faster than life.";
  if (stage === "probing") return "Nothing is written any more: they play alone against the wall.";
  const of = ({ hits, misses }: AloneCount) => `${hits} of ${hits + misses}`;
  const parts: string[] = [];
  if (duel) {
    const { vat: brains, person } = duel.points;
    const isOver = Math.max(brains, person) >= WINNING_POINTS;
    const end = !isOver ? "" : brains > person ? " They have won." : " You have won.";
    parts.push(`Brains ${brains}, you ${person}.${end}`);
  }
  if (vat)
    parts.push(
      `Alone against the wall they returned ${of(vat)} balls${twin ? `, their untaught twins ${of(twin)}` : ""}.`,
    );
  if (lessons === 0) parts.push("They are untaught.");
  return parts.join(" ");
}
