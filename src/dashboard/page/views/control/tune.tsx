/** What may be changed of a run while it goes: it holds from the next cycle that each culture begins. */
import { useState } from "preact/hooks";
import { tuning } from "../../../../experiment/control/tuning.ts";
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";

export function Tune({ model }: { readonly model: Model }) {
  const [plasticity, set] = useState<number | null>(null);
  const { run, tuning: now } = model;
  if (!run || !now || !["running", "paused"].includes(run.state)) return null;
  const value = plasticity ?? now.plasticity;
  const parsed = tuning.safeParse({ plasticity: value });
  return (
    <section class="card" aria-labelledby="tune-title">
      <div class="head">
        <h2 id="tune-title">Between cycles</h2>
        <span class="soft">{run.name}</span>
      </div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!parsed.success) return;
          send({ kind: "tune", tuning: parsed.data });
          set(null);
        }}
      >
        <label for="tune-plasticity">
          Plasticity of training
          <input
            id="tune-plasticity"
            type="number"
            step="any"
            value={value}
            aria-invalid={!parsed.success}
            onInput={(event) => set(event.currentTarget.valueAsNumber)}
          />
          <small class={parsed.success ? "" : "fault"}>
            {parsed.success ? "times the plan's own, 0 to 4" : parsed.error.issues[0]?.message}
          </small>
        </label>
        <p class="submit">
          <button type="submit" class="primary" disabled={!parsed.success || value === now.plasticity}>
            Change
          </button>
          <span class="soft" role="status">
            Now {now.plasticity}×. A change holds from the next cycle that each culture begins, for all of its
            arms; it is kept with the run and written into the report.
          </span>
        </p>
      </form>
    </section>
  );
}
