/** What of a lesson is owed to the wiring, in words: this wiring, part of it, any wiring, or none. */

export interface Rival {
  readonly name: string;
  readonly right: { readonly mean: number; readonly ci95: readonly [number, number] };
  /** What is judged is above it, by an interval of paired differences. */
  readonly isBeaten: boolean;
}

export interface Owed {
  /** Whether what is judged is above all of its controls. */
  readonly learns: boolean;
  /** The same teaching on changed wirings. */
  readonly changed: readonly Rival[];
  /** The same teaching and readout without any brain. */
  readonly noBrain?: Rival | undefined;
}

export const percent = ({ mean, ci95 }: Rival["right"]): string =>
  `${(100 * mean).toFixed(0)} % [${(100 * ci95[0]).toFixed(0)}, ${(100 * ci95[1]).toFixed(0)}]`;

export const named = (rivals: readonly Pick<Rival, "name" | "right">[]): string =>
  rivals.map(({ name, right }) => `${name} ${percent(right)}`).join(", ");

/** Sentences, the last with the verdict. None where nothing was compared with. */
export function wiringVerdict({ learns, changed, noBrain }: Owed): string[] {
  if (changed.length === 0 && !noBrain) return [];
  const lines: string[] = [];
  const beaten = changed.filter(({ isBeaten }) => isBeaten);
  const level = changed.filter(({ isBeaten }) => !isBeaten);
  if (changed.length > 0)
    lines.push(
      `It is ${beaten.length > 0 ? `above the changed wirings ${named(beaten)}` : "above none of the changed wirings"}${level.length > 0 ? `, and not above ${named(level)}` : ""}.`,
    );
  if (noBrain)
    lines.push(
      noBrain.isBeaten
        ? `It is above the same lesson without any brain (${percent(noBrain.right)}).`
        : `The same lesson without any brain gives ${percent(noBrain.right)}: not shown to be below.`,
    );
  lines.push(`What it takes: ${wordOf({ learns, changed, noBrain })}.`);
  return lines;
}

function wordOf({ learns, changed, noBrain }: Owed): string {
  if (!learns) return "not said, for it is not shown to learn";
  if (noBrain && !noBrain.isBeaten) return "no wiring at all, as far as these units tell";
  const but = noBrain ? "" : " (a lesson without any brain was not run)";
  if (changed.length === 0) return `a brain, of which wiring was not asked${but}`;
  const beaten = changed.filter(({ isBeaten }) => isBeaten).length;
  if (beaten === changed.length) return `this wiring${but}`;
  return beaten === 0
    ? `any wiring, as far as these units tell${but}`
    : `part of this wiring${but}: what those have that it is not above`;
}
