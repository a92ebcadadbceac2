/** A culture reads: the page with the gaze on it, spikes under the words, and what is decoded from them so far. */
import { type Gaze, scanPath } from "../../../../reading/report/scan-path.ts";
import { spikesUnderWords } from "../../../../reading/report/spikes-under-words.ts";
import type { MessageOf } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Empty, Figure, Fitted, SAVED_WIDTH, tableSvg } from "../../figures/figure.tsx";
import { Player } from "../../figures/player.tsx";
import { Series } from "../../figures/series.tsx";
import { chosenNumber } from "../../state/route.ts";
import { Growth } from "../culture/growth.tsx";
import { Drawn } from "../drawn.tsx";
import type { ViewProps } from "../props.ts";
import { useClock } from "./clock.ts";

type Reading = MessageOf<"reading">;

const SPEEDS = [0.1, 0.25, 0.5, 1];
/** Colour and dash of each curve, in the order of the report: what is decoded, its ceiling, controls. */
const CURVES = [
  ["descent", []],
  ["teacher", [7, 3]],
  ["yoked", [2, 4]],
  ["sham", [1, 4]],
  ["scrambled", [12, 5]],
] as const;

export function ReadingView({ model, route }: ViewProps) {
  const { reading } = model;
  const length = (reading?.read ?? []).reduce((sum, { durationMs }) => sum + durationMs / 1000, 0);
  const speed = chosenNumber(route, "speed", 0.5);
  const clock = useClock(length, speed);
  if (!reading) return <Empty>This run has no report yet.</Empty>;
  const now = gazeAt(reading, 1000 * clock.at);
  return (
    <>
      <Player
        label="Read again"
        {...clock}
        speed={speed}
        speeds={SPEEDS}
        length={length}
        step={0.05}
        says="Time of the eyes on the page, in seconds"
      />
      <div class="cards">
        <Page reading={reading} now={now} />
        <SoFar reading={reading} now={now} />
        <Spikes reading={reading} now={now} />
        <Approach reading={reading} />
        <Drawn model={model} />
      </div>
    </>
  );
}

/** Its recording is an hour in one piece: what is replayed are its sentences. */
export function ReadingCulture({ run }: ViewProps) {
  return (
    <>
      <Empty>
        The sentences that it read are replayed under Task; all of its spikes are in recording.nwb.
      </Empty>
      <div class="cards">
        <Growth run={run} culture={0} />
      </div>
    </>
  );
}

/** One sentence after the other, as the eyes read them. */
function gazeAt({ read }: Reading, ms: number): Gaze {
  let from = 0;
  for (const [sentence, { durationMs }] of read.entries()) {
    if (ms < from + durationMs || sentence === read.length - 1)
      return { sentence, ms: Math.min(durationMs, ms - from) };
    from += durationMs;
  }
  return { sentence: 0, ms: 0 };
}

/** Words of the sentence that have reached the tissue. */
const wordsAt = ({ read }: Reading, { sentence, ms }: Gaze) =>
  read[sentence].shown.words.filter(({ atMs }) => atMs[0] <= ms).length;

interface Part {
  readonly reading: Reading;
  readonly now: Gaze;
}

function Page({ reading: { read }, now }: Part) {
  const draw = (width: number) => scanPath(read, width, now);
  return (
    <Figure
      name="page"
      title="The page"
      class="most"
      caption={
        <>
          Sentences of the test as they were read, in the eyes' own time (E-Z Reader).{" "}
          <b class="key teacher">Where the eyes are</b>, the word lit;{" "}
          <b class="key descent">where they have been</b>, circles as large as fixations were long.
        </>
      }
      svg={() => draw(SAVED_WIDTH)}
      csv={() =>
        csv(
          ["sentence", "word", "letter", "onset (ms)", "duration (ms)"],
          read.flatMap(({ fixations }, sentence) =>
            fixations.map(({ word, place, onsetMs, durationMs }) => [
              ...[sentence + 1, word + 1, place, onsetMs, durationMs],
            ]),
          ),
        )
      }
    >
      <Fitted draw={draw} />
    </Figure>
  );
}

const HEARD = ["words read", "says", "cosine to the sentence", "rank", "nearest", "cosine"];

function SoFar({ reading, now }: Part) {
  const { text } = reading.read[now.sentence];
  const words = wordsAt(reading, now);
  const all = reading.soFar[now.sentence] ?? [];
  const heard = all[words - 1];
  const rows = all.map(({ said, cosine, rank, nearest: [best] }, w) => [
    ...[
      String(w + 1),
      said,
      cosine.toFixed(2),
      String(rank),
      best?.text ?? "",
      best?.cosine.toFixed(2) ?? "",
    ],
  ]);
  return (
    <Figure
      name="so-far"
      title="What the culture says so far"
      class="least"
      caption="Decoded from electrodes that were never stimulated, after each word, as if the words so far were all. Nearest: of 50 sentences as long, the one read among them; bars: cosine."
      svg={() => tableSvg("What the culture says so far", HEARD, rows)}
      csv={() => csv(HEARD, rows)}
    >
      <p class="quote">{text.split(/\s+/).slice(0, words).join(" ") || "…"}</p>
      {heard ? (
        <>
          <p class="soft">the text decoder says</p>
          <p class="quote said">{heard.said || "…"}</p>
          <p class="soft">
            to the whole sentence: cosine {heard.cosine.toFixed(2)}, rank {heard.rank} of 50. Nearest:
          </p>
          <ul class="bars">
            {heard.nearest.map((candidate) => (
              <Bar key={candidate.text} {...candidate} isRight={candidate.text === text} />
            ))}
          </ul>
        </>
      ) : (
        <p class="soft">
          {all.length === 0
            ? "This run was kept without what is decoded word by word."
            : "No word has been read yet."}
        </p>
      )}
    </Figure>
  );
}

/** A candidate with its cosine as a bar. */
function Bar({
  text,
  cosine,
  isRight,
}: {
  readonly text: string;
  readonly cosine: number;
  readonly isRight: boolean;
}) {
  return (
    <li>
      <span>{isRight ? <b>{text} ✓</b> : text}</span>
      <span class="gauge" aria-hidden="true">
        <i style={{ width: `${100 * Math.max(0, cosine)}%` }} />
      </span>
      <span class="soft">{cosine.toFixed(2)}</span>
    </li>
  );
}

function Spikes({ reading, now }: Part) {
  const draw = (width: number) => spikesUnderWords(reading, now.sentence, { width, nowMs: now.ms });
  const { spikes, pulses } = reading.read[now.sentence];
  return (
    <Figure
      name="spikes-under-words"
      title="Spikes under the words"
      class="wide-card"
      caption="Above, the electrodes that are never stimulated, from which the sentence is decoded; below, those that carry the words. Blue: pulses; dark: spikes that the array saw."
      svg={() => draw(SAVED_WIDTH)}
      csv={() =>
        csv(
          ["ms", "channel", "event"],
          [
            ...spikes.map(([ms, channel]) => [ms, channel, "spike"]),
            ...pulses.map(([ms, channel]) => [ms, channel, "pulse"]),
          ],
        )
      }
    >
      <Fitted draw={draw} />
    </Figure>
  );
}

function Approach({ reading: { approach } }: { readonly reading: Reading }) {
  const lines = Object.entries(approach).map(([label, values], i) => {
    const [colour, dash] = CURVES[i % CURVES.length];
    return { label, colour, values, dash };
  });
  if (lines.length === 0) return null;
  const words = Math.max(...lines.map(({ values }) => values.length));
  return (
    <Series
      name="approach"
      class="wide-card"
      title="How near it comes, word by word"
      x={Array.from({ length: words }, (_, w) => w + 1)}
      lines={lines}
      xLabel="words read"
      yLabel="cosine to the whole sentence"
      caption="Mean over all test sentences that have so many words, beside the words' own vectors (the decoder's ceiling) and controls."
    />
  );
}
