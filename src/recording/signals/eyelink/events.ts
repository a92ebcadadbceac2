/** Events of an EyeLink ASC file: fixations, saccades, blinks, messages, buttons, inputs ("EyeLink 1000 User Manual", 4.9.3). */
import type { SignalEvent } from "../contract.ts";

/** Names of the numbers after `EFIX eye start end duration`, and so on. */
const MEASURED = {
  EFIX: { kind: "fixation", values: ["meanX", "meanY", "meanPupil"] },
  ESACC: {
    kind: "saccade",
    values: ["startX", "startY", "endX", "endY", "amplitudeDeg", "peakVelocityDegPerS"],
  },
  EBLINK: { kind: "blink", values: [] },
} as const;

/** The event of a line, its time from `originMs`, or undefined where the line is none. */
export function parseEvent(text: string, originMs: number): SignalEvent | undefined {
  const words = text.trim().split(/\s+/);
  const seconds = (word: string | undefined) => (Number(word) - originMs) / 1000;
  const at = (word: string | undefined, kind: string, label: string): SignalEvent | undefined =>
    word !== undefined && Number.isFinite(seconds(word))
      ? { seconds: seconds(word), durationSeconds: 0, kind, label }
      : undefined;
  switch (words[0]) {
    case "MSG":
      return at(words[1], "message", text.trim().replace(/^MSG\s+\S+\s*/, ""));
    case "BUTTON":
      return at(words[1], "button", `${words[2] ?? ""} ${words[3] === "1" ? "down" : "up"}`);
    case "INPUT":
      return at(words[1], "input", words[2] ?? "");
    case "EFIX":
    case "ESACC":
    case "EBLINK": {
      const { kind, values: names } = MEASURED[words[0]];
      const [start, end] = [seconds(words[2]), seconds(words[3])];
      if (!(end >= start)) return undefined;
      const values = Object.fromEntries(
        names
          .map((name, i) => [name, Number(words[5 + i])] as const)
          .filter(([, value]) => Number.isFinite(value)),
      );
      return {
        seconds: start,
        durationSeconds: end - start,
        kind,
        label: words[1] === "L" ? "left" : words[1] === "R" ? "right" : (words[1] ?? ""),
        ...(names.length > 0 ? { values } : {}),
      };
    }
    default:
      return undefined;
  }
}
