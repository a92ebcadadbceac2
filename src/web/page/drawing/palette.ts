/** The colours of the canvases: those of the style sheet, as they are in the reader's scheme. */

export interface Palette {
  readonly dish: string;
  readonly rim: string;
  readonly ink: string;
  readonly soft: string;
  readonly cell: string;
  readonly inhibitory: string;
  readonly neurite: string;
  readonly flash: string;
  readonly datum: string;
  readonly write: string;
  readonly right: string;
  readonly wrong: string;
  readonly page: string;
}

const NAMES = [
  ...["dish", "rim", "ink", "soft", "cell", "inhibitory", "neurite", "flash"],
  ...["datum", "write", "right", "wrong", "page"],
] as (keyof Palette)[];

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as {
    -readonly [Name in keyof Palette]: string;
  };
}
