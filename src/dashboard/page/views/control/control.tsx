/** Control: the runs that there are, some of them compared, and a form to start another. */
import { useEffect, useState } from "preact/hooks";
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import type { Route } from "../../state/route.ts";
import { Comparison } from "./comparison.tsx";
import { FirstRuns } from "./first-runs.tsx";
import { StartForm } from "./form.tsx";
import { RunList } from "./run-list.tsx";
import { Tune } from "./tune.tsx";

export function ControlView({ model }: { readonly model: Model; readonly route: Route }) {
  const [compared, compare] = useState<readonly string[]>([]);
  useEffect(() => {
    if (compared.length > 1) send({ kind: "compare", names: [...compared] });
  }, [compared]);
  const { comparison } = model;
  return (
    <div class="cards control">
      <div class="stack">
        <RunList model={model} compared={compared} compare={compare} />
        <Tune model={model} />
      </div>
      <div class="stack wide">
        {compared.length > 1 && comparison ? <Comparison runs={comparison.runs} /> : null}
        <FirstRuns isBusy={model.runs?.live != null} />
        <StartForm model={model} />
      </div>
    </div>
  );
}
