/** The twin of `threads.ts` in a page: a culture there is small, and lives on one thread. */

export function startKernelThread(_instance: object, _call: string, _given: readonly number[]): boolean {
  return false;
}
