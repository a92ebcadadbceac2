/** "Who chose the pulses?": the same lesson, its writes chosen by gradient descent on an emulator of this dish. */
import { useEffect, useState } from "preact/hooks";
import { DescentRun } from "../descent.ts";
import { PLAYED_NOTES } from "../words.ts";

/** Notes in one mean of a curve: two rounds of the tune. */
const SMOOTHED = 16;

const STAGES = {
  loading: "Loading the emulator’s code …",
  growing: "A fresh dish of the same seed grows …",
  compiling: "The emulator’s gradients are compiled …",
  babbling: "The dish babbles: random notes, random writes, all recorded …",
  fitting: "An emulator of this dish is fitted on what it did …",
  writing: "Note by note: descend on the emulator, write what it proposes …",
  done: "Writing has ended; it has played alone.",
} as const;

export function DescentPanel({ seed, isReady }: { readonly seed: number | null; readonly isReady: boolean }) {
  const [run, setRun] = useState<DescentRun | null>(null);
  const [, redraw] = useState(0);
  useEffect(() => {
    setRun(null);
  }, [seed]);
  useEffect(() => () => run?.close(), [run]);
  const right = run?.heard?.filter(({ said, next }) => said === next).length ?? null;
  return (
    <section class="descent" aria-label="Who chose the pulses?">
      <h2>Who chose the pulses?</h2>
      <p>
        So far a hand did: it knows which electrodes stand for which note. Let gradient descent find them. An
        emulator, a neural network, learns this dish from its babbling; it is then improved on the tune, and
        its next brain state is written back.
      </p>
      {run === null ? (
        <button
          type="button"
          disabled={!isReady || seed === null}
          onClick={() =>
            setRun(
              new DescentRun({ seed: seed!, play: { from: 0, notes: PLAYED_NOTES } }, () =>
                redraw((n) => n + 1),
              ),
            )
          }
        >
          Descend <span class="soft">loads 0.2 MB, takes about half a minute</span>
        </button>
      ) : (
        <>
          <p role="status">
            {run.failure ?? STAGES[run.stage]}
            {run.stage === "writing" ? ` ${Math.round(100 * run.share)} %` : ""}
            {right === null ? "" : ` ${right} of ${run.heard!.length} notes right.`}
          </p>
          <div class="curves">
            <Curve
              name="overlap of its writes with the hand’s"
              values={run.overlap}
              kind="right"
              most={1}
              unit="%"
            />
            <Curve name="its loss on the tune (nats)" values={run.crossEntropy} kind="soft" most={2.5} />
          </div>
        </>
      )}
    </section>
  );
}

function Curve({
  name,
  values,
  kind,
  most,
  unit,
}: {
  readonly name: string;
  readonly values: readonly number[];
  readonly kind: string;
  readonly most: number;
  readonly unit?: "%";
}) {
  const means = values.map((_, i) => {
    const some = values.slice(Math.max(0, i + 1 - SMOOTHED), i + 1);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
  const last = means.at(-1);
  const points = means.map(
    (value, i) => `${(200 * i) / Math.max(1, 159)},${60 - 58 * Math.min(1, value / most)}`,
  );
  const said = last === undefined ? "–" : unit ? `${Math.round(100 * last)} %` : last.toFixed(2);
  return (
    <figure class={`curve ${kind}`}>
      <svg viewBox="0 0 200 62" preserveAspectRatio="none" role="img" aria-label={`${name}: ${said}`}>
        <polyline points={points.join(" ")} vector-effect="non-scaling-stroke" />
      </svg>
      <figcaption>
        {name} <b>{said}</b>
      </figcaption>
    </figure>
  );
}
