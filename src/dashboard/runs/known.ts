/** JSON knows no infinity and no NaN, which losses can be: such a number is left out. */
export function known(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
