/** What this is and is not, and what the safety gate says to who would write to a person. */
import type { Lab } from "../lab.ts";

export function Footer({ lab }: { readonly lab: Lab | null }) {
  return (
    <footer>
      <p>
        <b>Simulated.</b> No living cell is here: integrate-and-fire neurons on an array of 64 electrodes,
        with spike-timing dependent plasticity, in WebAssembly. Every figure above is computed in this tab,
        from these dishes, at this visit. Nothing is sent anywhere. The same link gives the same spikes on any
        machine
        {lab?.bits ? (
          <>
            {" "}
            (synapses now: <code>{lab.bits}</code>)
          </>
        ) : null}
        .
      </p>
      <p>
        In a laboratory the same program reads and stimulates living cultures in a dish, behind the same
        safety gate. <b>It never writes to a person</b>: by type, a device on a person has nothing to
        stimulate with.{" "}
        <button type="button" class="link" disabled={!lab?.isGrown} onClick={() => lab?.askRefusal()}>
          Try it
        </button>
      </p>
      {lab?.refusal ? (
        <p class="refusal" role="alert">
          The gate refuses: <code>{lab.refusal}</code>
        </p>
      ) : null}
    </footer>
  );
}
