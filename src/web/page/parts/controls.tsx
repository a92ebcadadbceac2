/** What can be done: the lesson, and the gestures, each a control of an experiment. */
import { useState } from "preact/hooks";
import { Random } from "../../../math/random.ts";
import { NOTES } from "../../dish.ts";
import { canRecord, record } from "../record.ts";
import type { Stage } from "../stage.ts";
import { LESSON_ROUNDS } from "../words.ts";

const TEN_MINUTES_S = 600;

export function Controls({ stage, isReady }: { readonly stage: Stage | null; readonly isReady: boolean }) {
  const [isRecording, setRecording] = useState(false);
  const [isCopied, setCopied] = useState(false);
  if (!stage) return <section class="controls" />;
  const { lab } = stage;
  const isTaught = lab.taughtNotes > 0;
  const gesture = (name: string, why: string, act: () => void, isPressed?: boolean) => (
    <button type="button" class="gesture" disabled={!isReady} onClick={act} aria-pressed={isPressed}>
      <b>{name}</b>
      <span>{why}</span>
    </button>
  );
  return (
    <section class="controls" aria-label="What can be done">
      <button type="button" class="primary" disabled={!isReady} onClick={() => stage.teach(LESSON_ROUNDS)}>
        {isTaught ? "Teach it again" : "Teach it the tune"}
        <span>{LESSON_ROUNDS * NOTES} notes, 8 s</span>
      </button>
      <fieldset class="gestures" aria-label="Break it">
        {gesture("Scramble", "synapses change places", () => stage.gesture({ kind: "scramble" }))}
        {gesture(
          stage.isCutting ? "Tap the dish" : "Cut",
          stage.isCutting ? "or press again for the middle" : "take out a region",
          () => cut(stage),
          stage.isCutting,
        )}
        {gesture(
          lab.isFrozen ? "Thaw" : "Freeze",
          lab.isFrozen ? "let it learn again" : "nothing can change",
          () => stage.gesture({ kind: "freeze", isFrozen: !lab.isFrozen }),
        )}
        {gesture("Wait", "ten minutes pass", () => stage.gesture({ kind: "rest", seconds: TEN_MINUTES_S }))}
        {gesture("New tune", "the same eight notes", () =>
          stage.gesture({ kind: "tune", tune: anotherTune(lab.seed, lab.deeds.length) }),
        )}
        {gesture("New dish", "from another seed", () => {
          location.hash = `#seed=${lab.seed + 1}`;
        })}
      </fieldset>
      <div class="tools">
        <button
          type="button"
          aria-pressed={stage.sound.isOn}
          onClick={() => {
            stage.sound.isOn = !stage.sound.isOn;
            stage.sound.wake();
            stage.changed();
          }}
        >
          Sound {stage.sound.isOn ? "on" : "off"}
        </button>
        {canRecord() && (
          <button
            type="button"
            disabled={isRecording}
            onClick={async () => {
              setRecording(true);
              stage.sound.wake();
              await record(stage.canvases[0], stage.sound.track(), `wetgrad-dish-${lab.seed}`);
              setRecording(false);
            }}
          >
            {isRecording ? "Recording …" : "Record six seconds"}
          </button>
        )}
        <button
          type="button"
          onClick={async () => {
            await navigator.clipboard?.writeText(location.href);
            setCopied(true);
            setTimeout(() => setCopied(false), 2000);
          }}
        >
          {isCopied ? "Copied" : "Copy link"}
        </button>
      </div>
    </section>
  );
}

/** First press: the reader's finger says where. Second: the middle, for those without a pointer. */
function cut(stage: Stage): void {
  if (!stage.isCutting) stage.isCutting = true;
  else {
    stage.isCutting = false;
    stage.gesture({ kind: "cut", xUm: 800, yUm: 800, radiusUm: 300 });
  }
  stage.changed();
}

/** A cycle of all notes that begins with the first. */
function anotherTune(seed: number, deeds: number): number[] {
  const rest = Random.of(seed, "tune", deeds).permutation(NOTES - 1);
  return [0, ...rest.map((note) => note + 1)];
}
