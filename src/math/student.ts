/**
 * The normal and Student's t distribution functions.
 * Abramowitz and Stegun, "Handbook of Mathematical Functions": 26.5.8 (the continued fraction of the
 * incomplete beta function), 26.7.1; https://personal.math.ubc.ca/~cbm/aands/
 */

/** P(Z <= z) for a standard normal Z: the t distribution's limit, by series or continued fraction of erfc. */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  if (x > 38) return z < 0 ? 0 : 1;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let tail: number;
  if (x < 3) {
    // Phi(x) - 1/2 = density * (x + x^3/3 + x^5/(3*5) + ...)  (26.2.11)
    let [term, sum] = [x, x];
    for (let k = 3; term > 1e-17 * sum; k += 2) sum += term *= (x * x) / k;
    tail = 0.5 - density * sum;
  } else {
    // tail = density / (x + 1/(x + 2/(x + 3/(x + ...))))  (26.2.14)
    let fraction = x;
    for (let k = 120; k >= 1; k--) fraction = x + k / fraction;
    tail = density / fraction;
  }
  return z < 0 ? tail : 1 - tail;
}

/** P(T <= t) for Student's t with `degrees` degrees of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 1 / 2) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** The t with P(T <= t) = `probability`, by bisection. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`studentQuantile: expected a probability in (0, 1), got ${probability}`);
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  let [low, high] = [0, 1];
  while (studentCdf(high, degrees) < probability) [low, high] = [high, 2 * high];
  for (let step = 0; step < 80 && low < high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function I_x(a, b). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  let fraction = 1;
  for (let m = 200; m >= 1; m--) {
    const odd = (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1));
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    fraction = 1 + odd / (1 + even / fraction);
  }
  return front / fraction;
}

/** ln Gamma(x), x > 0: Stirling's series (6.1.41) after stepping x up to where it converges. */
export function logGamma(x: number): number {
  let [shift, y] = [0, x];
  for (; y < 12; y++) shift += Math.log(y);
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / y;
  return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series - shift;
}
