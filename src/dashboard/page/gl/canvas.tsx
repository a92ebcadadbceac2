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
/** A graphics card, or what stands for one, may be lost or not be there yet: a new canvas is tried so often. */
const ATTEMPTS = 5;
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
    const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, alpha: true });
    const draw = gl && drawerOn(gl, make);
    if (!gl || !draw) {
      anew();
      return () => clearTimeout(retry);
    }
    const { capsules, picture: drawPicture } = draw;
    canvas.addEventListener("webglcontextlost", anew);
    let isSeen = true;
    let request = 0;
    const picture = (nowMs: number) => {
      request = requestAnimationFrame(picture);
      const { clientWidth: width, clientHeight: height } = canvas;
      if (!isSeen || width === 0 || gl.isContextLost()) return;
      const dpr = Math.min(SHARPEST, devicePixelRatio);
      const [w, h] = [Math.round(width * dpr), Math.round(height * dpr)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      drawPicture(capsules, width, height, nowMs);
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
      gl.getExtension("WEBGL_lose_context")?.loseContext();
    };
  }, [make, attempt]);
  if (attempt > ATTEMPTS)
    return <p class="empty">This figure needs WebGL2, which this browser does not offer here.</p>;
  return <canvas key={attempt} ref={ref} class={name} role="img" aria-label={label} />;
}

/** What draws, or null where the context was lost before it began. */
function drawerOn(gl: WebGL2RenderingContext, make: CanvasProps["make"]) {
  try {
    const capsules = new Capsules(gl);
    return { capsules, picture: make(capsules) };
  } catch (error) {
    if (gl.isContextLost()) return null;
    throw error;
  }
}
