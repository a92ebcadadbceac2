/** Features lit as they come: the folder that `wetgrad features fit` wrote, read in the page, applied to what fires now. */
import { useRef, useState } from "preact/hooks";
import { channelsOfColumns, type LiveFeatures, liveFeatures } from "../../../../features/live.ts";
import { element, svg, text } from "../../../../report/plot/svg.ts";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Drawing, Figure } from "../../figures/figure.tsx";
import { type CultureActivity, EventRing } from "../../state/activity.ts";

export interface FeaturesProps {
  readonly run: RunMessage;
  readonly activity: () => CultureActivity;
}

interface Loaded {
  readonly live: LiveFeatures;
  /** Column of each channel. */
  readonly columns: ReadonlyMap<number, number>;
  /** The greatest code seen of each feature. */
  readonly greatest: Float32Array;
}

export function Features({ run, activity }: FeaturesProps) {
  const [loaded, load] = useState<Loaded | null>(null);
  const [fault, say] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const read = async () => {
    const files = [...(input.current?.files ?? [])];
    const weights = files.find(({ name }) => name === "sae_weights.safetensors");
    const fitted = files.find(({ name }) => name === "features.json");
    if (!weights || !fitted) {
      say("Choose both sae_weights.safetensors and features.json of one folder.");
      return;
    }
    try {
      const live = liveFeatures(new Uint8Array(await weights.arrayBuffer()), await fitted.text());
      const channels = channelsOfColumns(
        live.channels,
        run.electrodes.map(({ channel }) => channel),
      );
      const columns = new Map(channels.map((channel, column) => [channel, column]));
      load({ live, columns, greatest: new Float32Array(live.features) });
      say("");
    } catch (error) {
      say((error as Error).message);
    }
  };
  const codes = loaded ? codesNow(loaded, activity()) : new Float32Array();
  const drawing = () => (loaded ? lights(loaded, codes) : lights(null, codes));
  return (
    <Figure
      name="features"
      class="least"
      title="Features"
      caption="Features of the last window of what fires, by the dictionary's linear encoder; a ring: kept by the consensus. Brightness is relative to the greatest code seen."
      svg={drawing}
      csv={() =>
        csv(
          ["feature", "kept", "code"],
          [...codes].map((code, k) => [k, loaded?.live.isKept[k] ? "yes" : "no", code]),
        )
      }
    >
      <label>
        <span class="soft">sae_weights.safetensors and features.json </span>
        <input type="file" multiple accept=".safetensors,.json" ref={input} onChange={() => void read()} />
      </label>
      {fault ? <p role="alert">{fault}</p> : null}
      {loaded ? <Drawing svg={drawing()} /> : null}
    </Figure>
  );
}

function codesNow({ live, columns, greatest }: Loaded, { spikes, now }: CultureActivity): Float32Array {
  const counts = new Float32Array(live.channels.length);
  for (let i = spikes.from(now - live.windowSeconds); i < spikes.count; i++) {
    const column = columns.get(spikes.channels[i % EventRing.capacity]);
    if (column !== undefined) counts[column]++;
  }
  const codes = live.encode(counts);
  for (let k = 0; k < codes.length; k++) greatest[k] = Math.max(greatest[k], codes[k]);
  return codes;
}

const ACROSS = 8;
const CELL = 40;

function lights(loaded: Loaded | null, codes: Float32Array): string {
  const rows = Math.max(1, Math.ceil(codes.length / ACROSS));
  const marks = [...codes].map((code, k) => {
    const at = { cx: (k % ACROSS) * CELL + CELL / 2, cy: Math.floor(k / ACROSS) * CELL + CELL / 2 };
    const share = loaded && loaded.greatest[k] > 0 ? code / loaded.greatest[k] : 0;
    const ring = loaded?.live.isKept[k] ? element("circle", { ...at, r: 16, class: "field" }) : "";
    const disc = element("circle", { ...at, r: 13, class: "up", "fill-opacity": Math.max(0.05, share) });
    return ring + disc + text(at.cx, at.cy + 4, String(k), { class: "label", "text-anchor": "middle" });
  });
  return svg(
    {
      ...{ width: ACROSS * CELL, height: rows * CELL, title: "Features" },
      description: "A disc for each feature, as bright as it is strong now.",
    },
    ...marks,
  );
}
