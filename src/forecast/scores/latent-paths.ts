/** Latent trajectories on their first two principal axes, for a report's figure. */
import { principalAxes, project } from "../../math/principal.ts";

/** `paths` `[L, Z]` each, of `width` Z >= 2; JSON-ready. */
export function latentPaths(paths: readonly Float32Array[], width: number) {
  const all = new Float32Array(paths.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const path of paths) {
    all.set(path, at);
    at += path.length;
  }
  const { mean, axes, explained } = principalAxes(all, width, 2);
  return {
    explained: [explained[0], explained[1]] as [number, number],
    paths: paths.map((path) =>
      Array.from({ length: path.length / width }, (_, l): [number, number] => {
        const [x, y] = project(path.subarray(l * width, (l + 1) * width), mean, axes);
        return [x, y];
      }),
    ),
  };
}
