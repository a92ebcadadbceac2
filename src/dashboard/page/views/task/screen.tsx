/** A game that draws itself, as its player sees it; beside it what each brain is given and says. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ScreenFrame } from "../../../../experiment/live/frames.ts";
import { element, svg } from "../../../../report/plot/svg.ts";
import { csv } from "../../figures/export.ts";
import { Figure } from "../../figures/figure.tsx";
import type { Model } from "../../state/model.ts";

export function Screen({ model, culture }: { readonly model: Model; readonly culture: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = model.screenOf(culture);
  useLayoutEffect(() => {
    if (frame && canvas.current) draw(canvas.current, frame);
  }, [frame]);
  if (!frame) return null;
  const { scored, lives, health, bullets, given, said } = frame;
  const score = `${scored} in this life, ${lives} ${lives === 1 ? "life" : "lives"} over`;
  const state = bullets < 0 ? `health ${health}` : `health ${health}, bullets ${bullets}`;
  return (
    <Figure
      name="screen"
      title="Doom"
      class="least"
      aside={<span class="soft">{score}</span>}
      caption={
        <>
          {state}. Each brain, as site given → move said (0: nothing seen):{" "}
          {Array.from(given, (site, brain) => `${site} → ${said[brain]}`).join(", ")}. Pictures: Freedoom's.
        </>
      }
      svg={() => screenSvg(frame)}
      csv={() =>
        csv(
          ["brain", "site given", "move said"],
          Array.from(given, (site, brain) => [brain, site, said[brain]]),
        )
      }
    >
      <canvas
        ref={canvas}
        width={frame.width}
        height={frame.height}
        role="img"
        aria-label={`What the player sees. ${score}; ${state}.`}
        style={{ width: "100%", imageRendering: "pixelated" }}
      />
    </Figure>
  );
}

function draw(canvas: HTMLCanvasElement, { width, height, pixels, palette }: ScreenFrame): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(width, height);
  pixels.forEach((place, i) => {
    image.data.set([palette[3 * place], palette[3 * place + 1], palette[3 * place + 2], 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

function screenSvg(frame: ScreenFrame): string {
  const { width, height } = frame;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  draw(canvas, frame);
  return svg(
    { width, height, title: "Doom", description: "What the player sees" },
    element("image", { href: canvas.toDataURL(), x: 0, y: 0, width, height }),
  );
}
