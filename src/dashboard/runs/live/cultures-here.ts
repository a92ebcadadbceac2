/** Cultures by themselves that step under this process, one after the other: they are told of as worker threads tell of theirs. */
import { Live } from "../../../experiment/live/live.ts";
import { liveObserver } from "../../../experiment/live/observer.ts";
import type { CulturesSeen } from "./cultures-seen.ts";
import type { SeenHere, Told } from "./here.ts";
import { holdable } from "./here.ts";

export function culturesHere(each: CulturesSeen, { feed, state, control }: Told): SeenHere {
  let isHere = false;
  const live = new Live(control, {
    message: (message) => each.live(message, live.culture),
    frame: (bytes) => feed.show(bytes),
  });
  const observer = liveObserver(live);
  return {
    watch(tissue) {
      isHere = true;
      return holdable(live.watch(tissue), control, () => live.held());
    },
    observer: {
      ...observer,
      place(place) {
        live.culture = each.indexOf(place);
        observer.place?.(place);
      },
    },
    grown: () => state.log("info", "a culture has grown"),
    stopped() {
      if (isHere) live.stopped();
    },
  };
}
