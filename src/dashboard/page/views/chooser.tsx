/** Which culture is looked at. */
import { placeText } from "../../place.ts";
import { type RunMessage, WHOLE } from "../../protocol.ts";
import type { Model } from "../state/model.ts";
import { choose, chosenNumber, type Route } from "../state/route.ts";

/** The culture that is chosen; unless one is, the first at which something is going on. */
export function chosenCulture(model: Model, route: Route): number {
  const latest = [...model.places.values()]
    .filter(({ culture }) => culture !== WHOLE)
    .sort((a, b) => b.atMs - a.atMs)[0];
  const { first } = sticky;
  const fallback = first.get(model) ?? latest?.culture ?? 0;
  if (latest && !first.has(model)) first.set(model, latest.culture);
  return chosenNumber(route, "culture", fallback);
}

/** The first culture met stays shown until another is chosen. */
const sticky = { first: new WeakMap<Model, number>() };

export function CultureChooser({
  model,
  run,
  culture,
}: {
  readonly model: Model;
  readonly run: RunMessage;
  readonly culture: number;
}) {
  const place = model.placeOf(culture);
  const isGoing = ["running", "paused", "stopping"].includes(run.state);
  return (
    <div class="chooser">
      <label class="choice">
        culture{" "}
        <select value={culture} onChange={(event) => choose("culture", event.currentTarget.value)}>
          {run.cultures.map(({ label }, i) => (
            <option key={label} value={i}>
              {label}
              {isGoing && model.places.has(i) ? "  ●" : ""}
            </option>
          ))}
        </select>
      </label>
      <span class="soft" role="status">
        {isGoing && place ? placeText(place) : ""}
      </span>
    </div>
  );
}
