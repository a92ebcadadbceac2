/** SVG as strings: elements with escaped attributes, and the outer element with its accessible name. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe inside an element or a quoted attribute. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

/** One element. Children are markup: escape text first. Attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes = {}, ...children: string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${open}/>` : `${open}>${children.join("")}</${name}>`;
}

/** A number in hundredths of a pixel: a screen shows no more. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`svg: expected a finite coordinate, got ${value}`);
  return String(Math.round(value * 100) / 100);
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeText(content));
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  attributes: Attributes = {},
): string {
  return element("line", { x1, y1, x2, y2, ...attributes });
}

/** What a mark says on hovering, and to who cannot see it. */
export function tooltip(content: string): string {
  return element("title", {}, escapeText(content));
}

/** The `d` of a line through points; a null point lifts the pen. */
export function pathThrough(points: readonly (readonly [number, number] | null)[]): string {
  let d = "";
  let pen = "M";
  for (const point of points) {
    if (!point) {
      pen = "M";
      continue;
    }
    d += `${pen}${coordinate(point[0])} ${coordinate(point[1])}`;
    pen = "L";
  }
  return d;
}

/** About how wide `content` runs in the figures' typeface. */
export function textWidth(content: string, size = 13): number {
  return content.length * size * 0.54;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What the figure is, for a reader who cannot see it. */
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly description: string;
  readonly class?: string;
}

/** The outer element: scales to its container, and reads as one image. */
export function svg(drawing: Drawing, ...children: string[]): string {
  const { width, height, title, description } = drawing;
  return element(
    "svg",
    {
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      role: "img",
      "aria-label": `${title}. ${description}`,
      class: drawing.class,
      style: `max-width:${coordinate(width * 1.25)}px`,
    },
    element("title", {}, escapeText(title)),
    element("desc", {}, escapeText(description)),
    ...children,
  );
}
