/**
 * The continuous cart-pole as Robbins et al. 2026 play it (https://doi.org/10.1016/j.celrep.2026.116984): the equations of
 * https://coneural.org/florian/papers/05_cart_pole.pdf without friction, explicit Euler steps of 20 ms. The pole has fallen beyond 16
 * degrees; a cart that leaves the track comes in at its other side.
 */
import type { Random } from "../math/random.ts";

/** Position (m), speed (m/s), angle (rad), turning (rad/s). */
export type State = readonly [x: number, v: number, angle: number, turning: number];

export const GRAVITY = 9.8;
export const CART = 1;
export const POLE = 0.1;
export const HALF_LENGTH = 0.5;
export const FORCE = 10;
export const STEP_S = 0.02;
const TRACK = 2.4;
const FALLEN = (16 * Math.PI) / 180;

export function start(random: Random): State {
  const near = () => 0.1 * random.uniform() - 0.05;
  return [near(), near(), near(), near()];
}

/** A step later; `push` from -1 to 1. */
export function move([x, v, angle, turning]: State, push: number): State {
  const [sin, cos, total] = [Math.sin(angle), Math.cos(angle), CART + POLE];
  const forced = (FORCE * push + POLE * HALF_LENGTH * turning * turning * sin) / total;
  const turned = (GRAVITY * sin - cos * forced) / (HALF_LENGTH * (4 / 3 - (POLE * cos * cos) / total));
  const pushed = forced - (POLE * HALF_LENGTH * turned * cos) / total;
  const at = x + STEP_S * v;
  return [
    at > TRACK ? -TRACK : at < -TRACK ? TRACK : at,
    v + STEP_S * pushed,
    angle + STEP_S * turning,
    turning + STEP_S * turned,
  ];
}

export const hasFallen = ([, , angle]: State): boolean => Math.abs(angle) > FALLEN;

/** Pulses a second on the two sensory sides: the first for a pole that leans to negative angles. */
export function sensoryHz(angle: number): [number, number] {
  return [((-Math.sin(angle) + 0.15) * 7) ** 2, ((Math.sin(angle) + 0.15) * 7) ** 2];
}
