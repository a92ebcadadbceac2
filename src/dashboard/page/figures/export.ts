/** Figures and their data as files. */
import { FIGURE_STYLE, LIGHT_STYLE } from "../../../report/page/style.ts";

const FONT = "svg { font-family: system-ui, sans-serif; background: #fcfcfa; }";

/** An SVG that needs no page around it. */
export function standalone(svg: string): string {
  const style = `<style>${LIGHT_STYLE}${FIGURE_STYLE}${FONT}</style>`;
  return svg
    .replace(/<svg /, '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/(<svg [^>]*>)/, `$1${style}`);
}

export function saveText(name: string, type: string, text: string): void {
  save(name, new Blob([text], { type }));
}

/** Twice the size, for print. */
export async function savePng(name: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([sized(standalone(svg))], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    const context = canvas.getContext("2d");
    if (!context) return;
    context.fillStyle = "#fcfcfa";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (png) save(name, png);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** An image is as large as its width and height say, which a figure that scales has not. */
function sized(svg: string): string {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return svg.replace(/<svg /, `<svg width="${width ?? 600}" height="${height ?? 400}" `);
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Rows as CSV (RFC 4180), the first of them the names. */
export function csv(
  names: readonly string[],
  rows: Iterable<readonly (string | number | null | undefined)[]>,
): string {
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
