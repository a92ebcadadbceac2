/**
 * A canvas for what moves, drawn on as long as it can be seen: by WebGL2 where a graphics card draws it, by the page itself
 * where there is none. `?renderer=webgl2` and `?renderer=plain` in the address choose for themselves.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { readRoute } from "../state/route.ts";
import type { Capsules } from "./capsules.ts";
import { PlainCapsules } from "./plain.ts";
import { WebGlCapsules } from "./webgl.ts";

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

/** Pixels to a CSS pixel: above this a picture costs more than its sharpness is worth. */
const SHARPEST = 2;
/** A picture that takes longer than this on average is drawn less sharp. */
const SLOW_MS = 12;
/** A graphics card may be lost: a new canvas is tried so often, then the page draws by itself. */
const ATTEMPTS = 3;
const RETRY_MS = 700;

export function GlCanvas({ make, label, class: name = "" }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    let retry = 0;
    const anew = () => {
      retry ||= setTimeout(() => setAttempt((n) => n + 1), RETRY_MS) as unknown as number;
    };
    const drawing = drawerOn(canvas, make, attempt < ATTEMPTS);
    if (!drawing) {
      anew();
      return () => clearTimeout(retry);
    }
    const { capsules } = drawing;
    let { draw } = drawing;
    canvas.addEventListener("webglcontextlost", anew);
    let sharpest = SHARPEST;
    let tookMs = 0;
    let isSeen = true;
    let request = 0;
    const picture = (nowMs: number) => {
      request = requestAnimationFrame(picture);
      const { clientWidth: width, clientHeight: height } = canvas;
      if (!isSeen || width === 0) return;
      const dpr = Math.min(sharpest, devicePixelRatio);
      const [w, h] = [Math.round(width * dpr), Math.round(height * dpr)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      const began = performance.now();
      draw(capsules, width, height, nowMs);
      capsules.end();
      tookMs += 0.1 * (performance.now() - began - tookMs);
      if (tookMs > SLOW_MS && sharpest > 1) {
        sharpest = 1;
        draw = make(capsules); // One that has drawn nothing yet.
      }
    };
    request = requestAnimationFrame(picture);
    const observer = new IntersectionObserver(([entry]) => {
      isSeen = entry?.isIntersecting ?? true;
    });
    observer.observe(canvas);
    return () => {
      cancelAnimationFrame(request);
      observer.disconnect();
      clearTimeout(retry);
      canvas.removeEventListener("webglcontextlost", anew);
      capsules.close();
    };
  }, [make, attempt]);
  return <canvas key={attempt} ref={ref} class={name} role="img" aria-label={label} />;
}

/** What draws on a canvas that nothing has drawn on; null where a graphics card was lost before it began. */
function drawerOn(canvas: HTMLCanvasElement, make: CanvasProps["make"], mayUseCard: boolean) {
  const { renderer } = readRoute().chosen;
  const useCard = renderer === "webgl2" || (renderer !== "plain" && hasCard());
  const gl = mayUseCard && useCard ? canvas.getContext("webgl2", { antialias: false }) : null;
  try {
    const context = gl ? null : canvas.getContext("2d", { willReadFrequently: true });
    const capsules = gl ? new WebGlCapsules(gl) : context && new PlainCapsules(context);
    return capsules && { capsules, draw: make(capsules) };
  } catch (error) {
    if (gl?.isContextLost()) return null;
    throw error;
  }
}

/** Renderers that are no graphics card. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
let found: boolean | null = null;

/** Whether WebGL2 is here and drawn by a graphics card. */
function hasCard(): boolean {
  if (found !== null) return found;
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  found =
    gl !== null && !SOFTWARE.test(String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)));
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return found;
}
