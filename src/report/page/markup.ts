/** Small pieces of HTML that several sections use. */
import { escapeText } from "../plot/svg.ts";

/** A drawing (SVG) above its caption (HTML). */
export function figure(drawing: string, caption: string): string {
  return `<figure>${drawing}<figcaption>${caption}</figcaption></figure>`;
}

/** Widths of a figure that has its row to itself, on a desk and on a phone. */
export const [WIDE, NARROW] = [760, 400];

/** The same figure drawn for a desk and for a phone; the style sheet shows one of them. */
export function twoWidths(draw: (width: number) => string, wide: number, narrow: number): string {
  return `<div class="wide">${draw(wide)}</div><div class="narrow">${draw(narrow)}</div>`;
}

export function facts(entries: readonly (readonly [string, string])[]): string {
  const rows = entries.map(([term, value]) => `<dt>${escapeText(term)}</dt><dd>${escapeText(value)}</dd>`);
  return `<dl class="facts">${rows.join("")}</dl>`;
}

export function bullets(items: readonly string[], className: string): string {
  if (items.length === 0) return "";
  return `<ul class="${className}">${items.map((item) => `<li>${escapeText(item)}</li>`).join("")}</ul>`;
}

/** `body` under a heading, or nothing at all where there is nothing to show. */
export function section(id: string, heading: string, intro: string, body: string): string {
  if (body === "") return "";
  const lead = intro ? `<p class="soft">${escapeText(intro)}</p>` : "";
  return `<section id="${id}"><h2>${escapeText(heading)}</h2>${lead}${body}</section>`;
}

/** What a demonstration does not show, beside what it shows. */
export function demonstrationLine({
  demonstration,
}: {
  readonly demonstration?: string | undefined;
}): string {
  return demonstration === undefined
    ? ""
    : `<p class="demonstration"><b>A demonstration.</b> ${escapeText(demonstration)}</p>`;
}
