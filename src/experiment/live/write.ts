/** A write of the descent, shown: its numbers always, its states while somebody watches. */

import { EMULATOR_SHAPE } from "../../emulator/one/models.ts";
import type { WriteSeen } from "../cycle.ts";
import type { Live } from "./live.ts";

export function showWrite(live: Live, frame: number, cycle: number, write: WriteSeen): void {
  const { index, forecast, nextClass, log, intended, evoked } = write;
  live.say({
    about: "write",
    cycle,
    presentation: index,
    nextClass,
    forecast: forecast.map(short),
    crossEntropy: short(log.crossEntropy[index]),
    priorError: short(log.priorError[index]),
    overlap: log.overlap[index],
    correlation: short(log.correlation[index]),
  });
  const { bins, channels } = EMULATOR_SHAPE;
  const { culture } = live;
  live.show({ type: "state", culture, startFrame: frame, endFrame: frame, bins, channels, intended, evoked });
}

/** Four digits are more than a plot can show. */
const short = (value: number) => Number(value.toPrecision(4));
