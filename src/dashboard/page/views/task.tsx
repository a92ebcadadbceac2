/** Task view. */
import type { ViewProps } from "./culture.tsx";

export function TaskView(_: ViewProps) {
  return null;
}
