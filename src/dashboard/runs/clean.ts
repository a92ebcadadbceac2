/** JSON knows no infinity and no NaN, which losses can be: they are shown as 0. */
export function clean(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
