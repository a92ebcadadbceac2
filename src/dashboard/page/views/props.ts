/** What every view is given. */
import type { RunMessage } from "../../protocol.ts";
import type { Model } from "../state/model.ts";
import type { Route } from "../state/route.ts";

export interface ViewProps {
  readonly model: Model;
  readonly route: Route;
  readonly run: RunMessage;
}
