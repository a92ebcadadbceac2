/** A write of the descent on one culture, shown: its numbers always, its states while somebody watches. */
import type { WriteSeen } from "../../methods/contract.ts";
import type { Cultures } from "../../session/cultures.ts";
import type { Live } from "./live.ts";

export function showWrite(live: Live, cycle: number, write: WriteSeen, cultures: Cultures): void {
  const { index, targets, log, intended, evoked } = write;
  live.say({
    about: "write",
    cycle,
    presentation: index,
    nextClass: targets[0],
    forecast: [...log.forecast[index]].map(short),
    crossEntropy: short(log.crossEntropy[index]),
    priorError: short(log.priorError[index]),
    overlap: log.overlap[index],
    correlation: short(log.correlation[index]),
  });
  const [{ protocol, channels }] = cultures.layouts;
  const frame = cultures.frameOf(0);
  const { culture } = live;
  live.show({
    type: "state",
    culture,
    startFrame: frame,
    endFrame: frame,
    bins: protocol.bins,
    channels,
    intended,
    evoked,
  });
}

/** Four digits are more than a plot can show. */
const short = (value: number) => Number(value.toPrecision(4));
