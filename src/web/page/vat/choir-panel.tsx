/** "Now sixteen, or a hundred": brains that are each often wrong, and what they know together. */
import { useEffect, useState } from "preact/hooks";
import { scoreOf } from "../../choir.ts";
import type { LinkedVat } from "../link.ts";
import type { Stage } from "../stage.ts";
import { ChoirMinds } from "./choir-minds.tsx";
import { ChoirRun } from "./choir-run.ts";
import type { VatSize } from "./messages.ts";
import { VAT_SIZES } from "./sizes.ts";

const percent = (share: number) => `${Math.round(100 * share)} %`;

export function ChoirPanel({ stage, isReady }: { readonly stage: Stage | null; readonly isReady: boolean }) {
  const [run, setRun] = useState<ChoirRun | null>(null);
  const [, redraw] = useState(0);
  const world = stage && { seed: stage.lab.seed, tune: stage.lab.tune };
  const start = (size: VatSize, { rounds, mind }: Pick<LinkedVat, "rounds" | "mind">) => {
    const made = new ChoirRun(size, { ...world!, rounds, mind }, () => {
      if (!made.isBusy && made.failure === null)
        stage!.linkVat({ brains: size.brains, rounds: made.roundsDone, mind: made.mind ?? undefined });
      redraw((n) => n + 1);
    });
    setRun(made);
  };
  const named = world ? `${world.seed} ${world.tune}` : "";
  useEffect(() => setRun(null), [named]);
  useEffect(() => {
    const { linkedVat } = stage ?? {};
    if (!isReady || !linkedVat || run) return;
    start(VAT_SIZES.find(({ brains }) => brains === linkedVat.brains)!, linkedVat);
  }, [named, isReady]);
  useEffect(() => () => run?.close(), [run]);
  return (
    <section class="vat choir" aria-label="Many brains">
      <h2>Now a vat of them</h2>
      <p>
        Many brains, each a culture of its own with its own wiring, hear the tune together. Alone a brain that
        has heard every note once or twice is still often wrong. Add up the spikes of all of them and ask
        which note most of these are for. By chance one answer in eight is right.
      </p>
      <div class="tools">
        {VAT_SIZES.map((size) => (
          <button
            key={size.brains}
            type="button"
            disabled={!isReady || run?.isBusy === true}
            aria-pressed={run?.size === size}
            onClick={() => start(size, { rounds: 0 })}
          >
            {size.brains} brains <span class="soft">of {size.neurons} neurons</span>
          </button>
        ))}
        {run?.asked ? (
          <button type="button" disabled={run.isBusy} onClick={() => run.teach()}>
            Teach every note once <span class="soft">0.8 s of their lives</span>
          </button>
        ) : null}
      </div>
      {run === null ? null : <p role="status">{said(run)}</p>}
      {run?.asked ? <Brains run={run} redraw={() => redraw((n) => n + 1)} /> : null}
      {run?.asked ? <ChoirMinds run={run} sound={stage!.sound} /> : null}
    </section>
  );
}

function said({ failure, asked, grown, size, curve, roundsDone: rounds, isTeaching }: ChoirRun): string {
  if (failure) return failure;
  if (!asked)
    return `${Math.min(size.brains, Math.floor(grown / 2))} of ${size.brains} brains are grown, and as many untaught twins.`;
  if (isTeaching) return "Every note once, and the note that follows it is written to every brain …";
  const { alone, together, twin } = curve[rounds];
  const taught =
    rounds === 0 ? "Nothing taught yet" : `Every note heard ${rounds === 1 ? "once" : `${rounds} times`}`;
  return `${taught}: a brain alone is right for ${percent(alone)}, all together for ${percent(together)}; their untaught twins together for ${percent(twin)}.`;
}

function Brains({ run, redraw }: { readonly run: ChoirRun; readonly redraw: () => void }) {
  const { brains } = run.size;
  const { alone, together } = scoreOf(run.asked!, run.voters);
  const share = together.filter(Boolean).length / together.length;
  const best = Math.max(...alone);
  return (
    <div class="choir-shown">
      <div
        class={`brains of-${brains}`}
        role="img"
        aria-label={`Each brain's share of right answers: from ${percent(Math.min(...alone))} to ${percent(best)}.`}
      >
        {alone.map((right, brain) => (
          <i key={brain} class={brain < run.voters ? "heard" : ""} style={{ "--right-share": right }} />
        ))}
      </div>
      <div>
        <label>
          Listen to the first {run.voters} of {brains}: together {percent(share)}
          <input
            type="range"
            min={1}
            max={brains}
            value={run.voters}
            onInput={(event) => {
              run.voters = Number(event.currentTarget.value);
              redraw();
            }}
          />
        </label>
        <Curve run={run} />
      </div>
    </div>
  );
}

const CURVES = [
  { of: "together", name: "together", kind: "right" },
  { of: "alone", name: "one alone (mean)", kind: "datum" },
  { of: "twin", name: "untaught twins together", kind: "soft" },
] as const;

/** Shares by round of teaching. */
function Curve({ run: { curve } }: { readonly run: ChoirRun }) {
  const x = (round: number) => (200 * round) / Math.max(4, curve.length - 1);
  return (
    <figure class="curve">
      <svg
        viewBox="0 0 200 62"
        preserveAspectRatio="none"
        role="img"
        aria-label="Right answers by round of teaching"
      >
        {CURVES.map(({ of, kind }) => (
          <polyline
            key={of}
            class={kind}
            points={curve.map((point, round) => `${x(round)},${60 - 58 * point[of]}`).join(" ")}
            vector-effect="non-scaling-stroke"
          />
        ))}
      </svg>
      <figcaption>
        {CURVES.map(({ of, name, kind }) => (
          <span key={of} class="key">
            <i class={kind} />
            {name} <b>{percent(curve.at(-1)![of])}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
