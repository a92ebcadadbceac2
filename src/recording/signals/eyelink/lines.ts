/**
 * The lines of an EyeLink ASC file: what edf2asc writes of an eye tracker's own file. "EyeLink 1000 User Manual"
 * (SR Research), section 4.9 "The ASC file format". Times are milliseconds of the tracker's clock.
 */

/** What one sample line holds, as the last SAMPLES line said. */
export interface SampleLayout {
  readonly rateHz: number;
  /** `["left"]`, `["right"]` or both. */
  readonly eyes: readonly string[];
  /** What x and y are: `GAZE` (pixels), `HREF` or `PUPIL` (tracker units). */
  readonly position: string;
  readonly velocity: boolean;
  readonly resolution: boolean;
  readonly input: boolean;
}

export interface SampleColumn {
  readonly label: string;
  readonly unit: string;
}

/** `SAMPLES GAZE LEFT RIGHT RATE 500.00 TRACKING CR FILTER 2 VEL RES INPUT`, or undefined where there is no rate. */
export function sampleLayout(words: readonly string[]): SampleLayout | undefined {
  const rateHz = Number(words[words.indexOf("RATE") + 1]);
  const eyes = ["LEFT", "RIGHT"].filter((eye) => words.includes(eye)).map((eye) => eye.toLowerCase());
  if (!words.includes("RATE") || !(rateHz > 0 && rateHz <= 1e5) || eyes.length === 0) return undefined;
  return {
    rateHz,
    eyes,
    position: words[1] ?? "GAZE",
    velocity: words.includes("VEL"),
    resolution: words.includes("RES"),
    input: words.includes("INPUT"),
  };
}

/** The numbers after the time, in the order of the line; `pupil` is `AREA` or `DIAMETER` as the PUPIL line said. */
export function sampleColumns(layout: SampleLayout, pupil: string): SampleColumn[] {
  const unit = layout.position === "GAZE" ? "px" : layout.position.toLowerCase();
  const columns: SampleColumn[] = [];
  for (const eye of layout.eyes)
    columns.push(
      { label: `${eye} x`, unit },
      { label: `${eye} y`, unit },
      { label: `${eye} pupil`, unit: pupil.toLowerCase() },
    );
  if (layout.velocity)
    for (const eye of layout.eyes)
      columns.push(
        { label: `${eye} x velocity`, unit: "deg/s" },
        { label: `${eye} y velocity`, unit: "deg/s" },
      );
  if (layout.resolution)
    columns.push({ label: "x resolution", unit: "px/deg" }, { label: "y resolution", unit: "px/deg" });
  if (layout.input) columns.push({ label: "input", unit: "" });
  return columns;
}

export function isSampleLine(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57;
}

/** The time (ms) and the first `columns` numbers of a sample line; a missing number is a dot, and becomes NaN. */
export function parseSample(
  text: string,
  columns: number,
): { timeMs: number; values: Float64Array } | undefined {
  const words = text.split(/\s+/, columns + 1);
  const timeMs = Number(words[0]);
  if (words.length <= columns || !Number.isFinite(timeMs)) return undefined;
  const values = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    const word = words[i + 1];
    values[i] = word === "." ? Number.NaN : Number(word);
    if (word !== "." && !Number.isFinite(values[i])) return undefined;
  }
  return { timeMs, values };
}
