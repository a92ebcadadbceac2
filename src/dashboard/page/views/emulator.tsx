/** Emulator view. */
import type { ViewProps } from "./culture.tsx";

export function EmulatorView(_: ViewProps) {
  return null;
}
