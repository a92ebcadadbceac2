/** What the files of `save.ts` call themselves. */
export const FORMAT = "wetgrad wiring 1";
