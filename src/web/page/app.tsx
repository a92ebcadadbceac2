/** The page's one screen. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Lab } from "./lab.ts";
import { Controls } from "./parts/controls.tsx";
import { DescentPanel } from "./parts/descent-panel.tsx";
import { Footer } from "./parts/footer.tsx";
import { PadButtons } from "./parts/pad-buttons.tsx";
import { Scores } from "./parts/scores.tsx";
import { Stage } from "./stage.ts";
import { ChoirPanel } from "./vat/choir-panel.tsx";
import { DuelPanel } from "./vat/duel-panel.tsx";
import { headline, PLAYED_NOTES, TWINS_SAID } from "./words.ts";

export function App() {
  const [, redraw] = useState(0);
  const stage = useRef<Stage | null>(null);
  const canvases = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)] as const;
  const rolls = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)] as const;
  useEffect(() => {
    const made = new Stage(
      [canvases[0].current!, canvases[1].current!],
      [rolls[0].current!, rolls[1].current!],
      () => redraw((n) => n + 1),
    );
    stage.current = made;
    made.begin();
    return () => made.end();
  }, []);
  const made = stage.current;
  const lab = made?.lab ?? null;
  const last = lab?.deeds.at(-1)?.kind ?? null;
  const { title, text } = headline(lab, last);
  const isReady = lab?.isGrown === true && !lab.isBusy && lab.failure === null;
  return (
    <main>
      <header>
        <p class="name">wetgrad</p>
        <div class="say" role="status" aria-live="polite">
          <h1>{title}</h1>
          <p>{text}</p>
        </div>
      </header>
      <section class="dish" aria-label="The taught dish and its ring of notes">
        <div class="ring">
          <canvas ref={canvases[0]} onClick={(event) => made?.tapDish(event)} />
          <PadButtons isReady={isReady} onTap={(note) => made?.play(note)} />
        </div>
      </section>
      <div class="side">
        <Controls stage={made} isReady={isReady} />
        <Scores lab={lab} />
        <section class="rolls" aria-label="What was played">
          <figure>
            <figcaption>
              Taught{" "}
              <span class="key">
                <i class="datum" />
                note in <i class="write" />
                written <i class="right" />
                right <i class="wrong" />
                wrong
              </span>
            </figcaption>
            <canvas ref={rolls[0]} role="img" aria-label={describe(lab, 0)} />
          </figure>
          <figure>
            <figcaption>Its untaught twin</figcaption>
            <div class="twin">
              <canvas class="small" ref={canvases[1]} />
              <canvas ref={rolls[1]} role="img" aria-label={describe(lab, 1)} />
            </div>
          </figure>
          <p>{TWINS_SAID}</p>
        </section>
      </div>
      <DescentPanel seed={lab?.seed ?? null} isReady={isReady} />
      <div class="vats">
        <ChoirPanel stage={made} isReady={isReady} />
        <DuelPanel seed={lab?.seed ?? null} isReady={isReady} />
      </div>
      <Footer lab={lab} />
    </main>
  );
}

function describe(lab: Lab | null, dish: 0 | 1): string {
  const heard = lab?.heard[dish].filter(({ isWritten }) => !isWritten).slice(-PLAYED_NOTES) ?? [];
  if (heard.length === 0) return "Nothing played yet.";
  return `${heard.filter(({ said, next }) => said === next).length} of the last ${heard.length} notes right.`;
}
