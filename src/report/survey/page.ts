/** `wetgrad device survey` as one self-contained page: the array as it lies, and what each electrode evokes on each. */
import { significant } from "../format.ts";
import { facts, figure, twoWidths } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { arrayMap, type MapElectrode } from "../plot/array-map.ts";
import { heatMap } from "../plot/heatmap.ts";
import { escapeText } from "../plot/svg.ts";

export interface SurveyReport {
  readonly device: string;
  readonly repeats: number;
  readonly gapMs: number;
  /** Pulses that the safety gate refused. */
  readonly refused: number;
  readonly electrodes: readonly { readonly channel: number; readonly xUm: number; readonly yUm: number }[];
  /** The electrodes that were pulsed, in the order of the matrix. */
  readonly channels: readonly number[];
  /** `[pulsed][heard]` mean spikes after a pulse. */
  readonly evoked: readonly (readonly number[])[];
  /** Null where the array has too few electrodes for the classes, or no positions. */
  readonly roles: {
    readonly classes: number;
    readonly sensory: readonly number[];
    readonly assigned: readonly (readonly number[])[];
    /** The sum over places and classes of log(1 + response), with roles by seed and with those chosen. */
    readonly before: number;
    readonly after: number;
  } | null;
}

/** Rows and columns of the matrix as it is drawn; more electrodes share one. */
const DRAWN = 256;

export function renderSurvey(report: SurveyReport): string {
  const { device, channels, repeats, gapMs, refused, evoked, roles } = report;
  const sent = evoked.map((row) => row.reduce((sum, value) => sum + value, 0));
  const heard = channels.map((_, column) => evoked.reduce((sum, row) => sum + row[column], 0));
  const mean = sent.reduce((sum, value) => sum + value, 0) / Math.max(1, sent.length);
  const silent = sent.filter((value) => value === 0).length;
  const body = [
    `<header><p class="kicker">wetgrad device survey · ${escapeText(device)}</p>`,
    `<h1>A pulse evokes ${significant(mean, 2)} spikes on other electrodes</h1>`,
    `<p class="lede">Every electrode was pulsed alone, ${repeats === 1 ? "once" : `${repeats} times`}, ${gapMs} ms apart, and the spikes on all others from 4 to 20 ms after the pulse were counted.</p></header>`,
    facts([
      ["electrodes pulsed", String(channels.length)],
      ["evoking nothing", String(silent)],
      ["pulses refused by the gate", String(refused)],
      ...(roles
        ? [
            ["places", String(roles.sensory.length)] as const,
            ["classes", `${roles.classes} of ${roles.assigned[0].length} electrodes`] as const,
            [
              "sum of log(1 + response)",
              `${significant(roles.before)} by seed, ${significant(roles.after)} chosen`,
            ] as const,
          ]
        : []),
    ]),
    `<section><h2>On the array</h2><div class="pair">${[
      map(report, sent, "What a pulse on each electrode evokes elsewhere", "spikes a pulse, on all others"),
      map(report, heard, "What is evoked on each electrode", "spikes, of a pulse on each other"),
    ].join("")}${roles ? rolesMap(report) : ""}</div></section>`,
    `<section><h2>From each to each</h2>${matrix(report)}</section>`,
  ];
  return page(`Survey of ${device}`, body.join("\n"));
}

function map(report: SurveyReport, values: readonly number[], title: string, scaleLabel: string): string {
  const byChannel = new Map(report.channels.map((channel, i) => [channel, values[i]]));
  const electrodes = report.electrodes.map(
    (electrode): MapElectrode => ({
      ...electrode,
      value: byChannel.get(electrode.channel) ?? null,
    }),
  );
  const drawing = arrayMap({
    title,
    description: `${electrodes.length} electrodes.`,
    width: 440,
    electrodes,
    scaleLabel,
  });
  return figure(drawing, `<b>${escapeText(title)}.</b> Outlined: not pulsed.`);
}

function rolesMap({ electrodes, roles }: SurveyReport): string {
  if (!roles) return "";
  const places = new Set(roles.sensory);
  const classOf = new Map(
    roles.assigned.flatMap((group, k) => group.map((channel) => [channel, k + 1] as const)),
  );
  const drawing = arrayMap({
    title: "Roles chosen by the survey",
    description: `${places.size} places and ${roles.classes} classes.`,
    width: 440,
    electrodes: electrodes.map((electrode) => {
      const k = classOf.get(electrode.channel);
      const value = k !== undefined ? 1 : places.has(electrode.channel) ? 0.2 : null;
      return { ...electrode, value, ...(k === undefined ? {} : { mark: String(k) }) };
    }),
  });
  return figure(
    drawing,
    "<b>Roles chosen by the survey.</b> Numbers: the class that an electrode belongs to; light: a place.",
  );
}

function matrix({ evoked }: SurveyReport): string {
  const share = Math.ceil(evoked.length / DRAWN);
  const values = share === 1 ? evoked : pooled(evoked, share);
  const draw = (width: number) =>
    heatMap({
      title: "Evoked responses",
      description: "Mean spikes on each electrode after a pulse on each.",
      width,
      values,
      rowLabel: "pulsed electrode",
      columnLabel: "electrode that hears",
      scaleLabel: "spikes a pulse",
    });
  const pooling = share === 1 ? "" : ` Each square is the mean of ${share} × ${share} electrodes.`;
  return figure(
    twoWidths(draw, 900, 360),
    `<b>Evoked responses.</b> Rows and columns in the device's order of electrodes.${pooling}`,
  );
}

/** Means of squares of `share` x `share`. */
function pooled(values: readonly (readonly number[])[], share: number): number[][] {
  const size = Math.ceil(values.length / share);
  return Array.from({ length: size }, (_, r) =>
    Array.from({ length: size }, (_, c) => {
      const cells = values
        .slice(r * share, (r + 1) * share)
        .flatMap((row) => row.slice(c * share, (c + 1) * share));
      return cells.reduce((sum, value) => sum + value, 0) / cells.length;
    }),
  );
}
