/** What was played right, alone: the taught dish beside its untaught twins. */
import type { Lab } from "../lab.ts";
import { meanOf } from "../words.ts";

export function Scores({ lab }: { readonly lab: Lab | null }) {
  const played = lab?.played ?? null;
  const share = played && played.taught.notes > 0 ? played.taught.right / played.taught.notes : null;
  const twins =
    played && played.twins.length > 0 ? meanOf(played.twins.map(({ right, notes }) => right / notes)) : null;
  return (
    <section class="scores" aria-label="Played right, alone">
      <Score name="taught, alone" kind="right" share={share} />
      <Score name={`untaught${played ? `, mean of ${played.twins.length}` : ""}`} kind="soft" share={twins} />
    </section>
  );
}

function Score({
  name,
  kind,
  share,
}: {
  readonly name: string;
  readonly kind: string;
  readonly share: number | null;
}) {
  return (
    <div class={`score ${kind}`}>
      <b>{share === null ? "–" : `${Math.round(100 * share)} %`}</b>
      <span>{name}</span>
      <div class="bar" aria-hidden="true">
        <i style={{ width: `${100 * (share ?? 0)}%` }} />
        <em style={{ left: "12.5%" }} />
      </div>
    </div>
  );
}
