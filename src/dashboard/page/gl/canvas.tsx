/** A canvas that WebGL2 draws on, as long as it can be seen. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Capsules } from "./capsules.ts";

/** Draws one picture, beginning with `capsules.begin`, or leaves the last one standing, of `width` x `height` CSS pixels at `nowMs`. */
export type Draw = (capsules: Capsules, width: number, height: number, nowMs: number) => void;

export interface CanvasProps {
  /** Called once with the canvas' own capsules; gives what draws each picture. */
  readonly make: (capsules: Capsules) => Draw;
  /** What it shows, for who cannot see it. */
  readonly label: string;
  readonly class?: string;
}

/** Says whether anything that a picture is made of has changed since it was last asked. */
export function changes(): (...parts: readonly unknown[]) => boolean {
  let last: readonly unknown[] = [];
  return (...parts) => {
    const isNew = parts.length !== last.length || parts.some((part, i) => part !== last[i]);
    last = parts;
    return isNew;
  };
}

/** Above this a picture costs more than its sharpness is worth. */
const SHARPEST = 2;

export function GlCanvas({ make, label, class: name = "" }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [fault, setFault] = useState("");
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, alpha: true });
    if (!gl) return setFault("This figure needs WebGL2, which this browser does not offer.");
    const capsules = new Capsules(gl);
    const draw = make(capsules);
    let isSeen = true;
    let request = 0;
    const picture = (nowMs: number) => {
      request = requestAnimationFrame(picture);
      const { clientWidth: width, clientHeight: height } = canvas;
      if (!isSeen || width === 0) return;
      const dpr = Math.min(SHARPEST, devicePixelRatio);
      const [w, h] = [Math.round(width * dpr), Math.round(height * dpr)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      draw(capsules, width, height, nowMs);
    };
    request = requestAnimationFrame(picture);
    const observer = new IntersectionObserver(([entry]) => {
      isSeen = entry?.isIntersecting ?? true;
    });
    observer.observe(canvas);
    return () => {
      cancelAnimationFrame(request);
      observer.disconnect();
      gl.getExtension("WEBGL_lose_context")?.loseContext();
    };
  }, [make]);
  if (fault) return <p class="soft">{fault}</p>;
  return <canvas ref={ref} class={name} role="img" aria-label={label} />;
}
