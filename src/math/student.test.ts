import { expect, test } from "vitest";
import { incompleteBeta, logGamma, normalCdf, studentCdf, studentQuantile } from "./student.ts";

/** Simpson's rule. */
function integrate(f: (x: number) => number, from: number, to: number, n = 4000): number {
  const h = (to - from) / n;
  let sum = f(from) + f(to);
  for (let i = 1; i < n; i++) sum += f(from + i * h) * (i % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}

test("logGamma gives factorials and Gamma(1/2)", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
});

test("normalCdf is the integral of the density, on both sides of its branch", () => {
  for (const z of [-4, -3.01, -2.99, -1, -0.1, 0, 0.5, 1.96, 2.999, 3.001, 5]) {
    const integral = integrate((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI), -12, z);
    expect(normalCdf(z)).toBeCloseTo(integral, 12);
  }
  expect(normalCdf(-20) / 2.753624118606233e-89).toBeCloseTo(1, 10); // scipy.stats.norm.cdf(-20)
  expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
});

test("studentCdf has the closed forms of one and two degrees of freedom", () => {
  for (const t of [-30, -2, -0.5, 0, 0.3, 1, 7]) {
    expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 11);
    expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 11);
  }
});

test("studentQuantile gives the tables' 97.5 % points", () => {
  for (const [degrees, t] of [
    [1, 12.706205],
    [2, 4.302653],
    [7, 2.364624],
    [30, 2.042272],
    [1000, 1.962339],
  ]) {
    expect(studentQuantile(0.975, degrees)).toBeCloseTo(t, 5);
    expect(studentQuantile(0.025, degrees)).toBeCloseTo(-t, 5);
  }
  expect(() => studentQuantile(1, 3)).toThrow("got 1");
});

test("incompleteBeta is a binomial tail", () => {
  // I_p(k, n - k + 1) = P(Binomial(n, p) >= k)
  const [n, k, p] = [9, 4, 0.3];
  let tail = 0;
  for (let i = k; i <= n; i++)
    tail += Math.exp(logGamma(n + 1) - logGamma(i + 1) - logGamma(n - i + 1)) * p ** i * (1 - p) ** (n - i);
  expect(incompleteBeta(p, k, n - k + 1)).toBeCloseTo(tail, 11);
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
});
