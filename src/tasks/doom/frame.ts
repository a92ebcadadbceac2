/** A frame of the engine as a picture by its palette. */
import { type DoomEngine, FRAME_HEIGHT, FRAME_WIDTH } from "../../games/doom/engine.ts";
import type { Frame } from "../contract.ts";

export function drawn(engine: DoomEngine): Frame {
  return { width: FRAME_WIDTH, height: FRAME_HEIGHT, pixels: engine.frame(), palette: engine.palette() };
}
