/** What a run on many machines says of its hosts: each line once, until something else has happened. */
import type { TissueEvent } from "../../tissue/events.ts";

export function sayTissueEvents(say: (line: string) => void): (event: TissueEvent) => void {
  const hosts = new Set<string>();
  let last = "";
  return (event) => {
    if (event.event === "host") {
      if (hosts.has(event.host)) return;
      hosts.add(event.host);
    }
    if (event.event === "host-lost") hosts.delete(event.host);
    const line = lineOf(event);
    if (line === null || line === last) return;
    last = line;
    say(line);
  };
}

function lineOf(event: TissueEvent): string | null {
  switch (event.event) {
    case "waiting-for-vat":
      return `vat ${event.vat}: waiting for the lease of a run that ended without a word`;
    case "waiting-for-hosts":
      return `waiting for hosts: ${event.placed} of ${event.brains} brains have a place (wetgrad vat host offers more)`;
    case "waiting-for-dish":
      return `waiting for host ${event.host} with its dish, brain ${event.brain} (wetgrad vat host --dish)`;
    case "dish":
      return `brain ${event.brain} is the dish at host ${event.host}, before step ${event.step}`;
    case "step-lost":
      return `step ${event.step} of brain ${event.brain} is lost: the dish at host ${event.host} may have been given it and is not given it again; it counts as a step without spikes`;
    case "host":
      return `host ${event.host} offers ${event.brains} brains`;
    case "host-lost":
      return `host ${event.host} is lost with ${event.brains} brains: ${event.why}`;
    case "moved":
      return `brain ${event.brain} is on host ${event.host} now; ${event.replayed} steps were repeated`;
    case "dish-away":
      return `the dish at ${event.address} is away, and is looked for: ${event.why}`;
    case "dish-back":
      return `the dish at ${event.address} is back; step ${event.step} is lost: it may have been given it and is not given it again`;
    case "discarded":
      return null;
  }
}
