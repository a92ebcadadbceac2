/** The notes as buttons over the ring that the canvas draws: for fingers, keys and screen readers. */
import { NOTES } from "../../dish.ts";
import { padAt } from "../drawing/pads.ts";
import { NAMES } from "../sound.ts";

export function PadButtons({
  isReady,
  onTap,
}: {
  readonly isReady: boolean;
  readonly onTap: (note: number) => void;
}) {
  return (
    <fieldset class="pads" aria-label="Notes">
      {Array.from({ length: NOTES }, (_, note) => {
        const { x, y } = padAt(note);
        return (
          <button
            key={note}
            type="button"
            class="pad"
            style={{ left: `${100 * x}%`, top: `${100 * y}%` }}
            aria-label={`Play on from note ${note + 1}, ${NAMES[note]}`}
            aria-disabled={!isReady}
            onClick={() => isReady && onTap(note)}
          />
        );
      })}
    </fieldset>
  );
}
