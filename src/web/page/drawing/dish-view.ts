/**
 * Draws a dish: somata and neurites as they grow, spikes as they come, what was learned, and the ring of notes around it. What
 * does not change from frame to frame is drawn once, on a layer of its own, so that a processor draws it at 60 frames a second.
 */

import type { Heard } from "../../dish.ts";
import { NOTES } from "../../dish.ts";
import type { Film, Flashes, Learned, Place } from "../messages.ts";
import { drawPads, type Pads } from "./pads.ts";
import type { Palette } from "./palette.ts";

/** Growth to this day takes this long. */
const DAYS = 21;
const FILM_MS = 3200;
/** How fast light fades: to a third in so many ms. */
const FLASH_MS = 90;
const PULSE_MS = 160;

interface Pulse {
  readonly channel: number;
  readonly atMs: number;
  readonly isWrite: boolean;
}

export class DishView {
  private film: Film | undefined;
  private filmStartMs = 0;
  private readonly layer = document.createElement("canvas");
  private drawnDay = 0;
  private electrodes: readonly Place[] = [];
  private learned: Learned | undefined;
  private glow = new Float32Array(0);
  private coming: { readonly neuron: number; readonly atMs: number }[] = [];
  private pulses: Pulse[] = [];
  private lastMs = 0;
  private cuts: { readonly xUm: number; readonly yUm: number; readonly radiusUm: number }[] = [];
  readonly pads: Pads = {
    datum: new Float32Array(NOTES),
    write: new Float32Array(NOTES),
    right: new Float32Array(NOTES),
    wrong: new Float32Array(NOTES),
    tune: Array.from({ length: NOTES }, (_, i) => i),
    isInviting: false,
  };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private palette: Palette,
    private readonly hasPads: boolean,
  ) {}

  repaint(palette: Palette): void {
    this.palette = palette;
    this.restart();
  }

  /** `isGrowing`: from the first day on; otherwise as it is on the last. */
  show(film: Film, isGrowing: boolean): void {
    this.film = film;
    this.filmStartMs = isGrowing ? performance.now() : performance.now() - FILM_MS;
    this.glow = new Float32Array(film.positionsMm.length / 2);
    this.coming = [];
    this.learned = undefined;
    this.cuts = [];
    this.restart();
  }

  place(electrodes: readonly Place[]): void {
    this.electrodes = electrodes;
  }

  learn(learned: Learned): void {
    this.learned = learned;
    this.restart();
  }

  cut(disc: { readonly xUm: number; readonly yUm: number; readonly radiusUm: number }): void {
    this.cuts.push(disc);
    this.restart();
  }

  flash({ neurons, atMs }: Flashes, startMs: number): void {
    for (const [i, neuron] of neurons.entries()) this.coming.push({ neuron, atMs: startMs + atMs[i] });
  }

  hear({ note, said, next, isWritten, pulsed }: Heard, nowMs: number): void {
    this.pads.datum[note] = 1;
    if (isWritten) this.pads.write[next] = 1;
    else (said === next ? this.pads.right : this.pads.wrong)[said] = 1;
    for (const volleyMs of [0, 25, 50]) {
      for (const channel of pulsed.datum)
        this.pulses.push({ channel, atMs: nowMs + volleyMs, isWrite: false });
      for (const channel of pulsed.write)
        this.pulses.push({ channel, atMs: nowMs + volleyMs + 4, isWrite: true });
    }
  }

  /** Where on the dish a point of the canvas is (0 to 1 of its sides), in um. */
  placeAt(x: number, y: number): { xUm: number; yUm: number } {
    const { left, scale } = this.geometry(1);
    return { xUm: Math.round(((x - left) / scale) * 1000), yUm: Math.round(((y - left) / scale) * 1000) };
  }

  draw(nowMs: number): void {
    const { canvas, film, palette } = this;
    const size = fitted(canvas);
    const context = canvas.getContext("2d");
    if (!context || size === 0) return;
    const dt = Math.min(100, nowMs - this.lastMs);
    this.lastMs = nowMs;
    context.clearRect(0, 0, size, size);
    const { left, scale, dishRadius } = this.geometry(size);
    context.beginPath();
    context.arc(size / 2, size / 2, dishRadius, 0, 2 * Math.PI);
    context.fillStyle = palette.dish;
    context.fill();
    context.lineWidth = Math.max(1, size / 300);
    context.strokeStyle = palette.rim;
    context.stroke();
    if (film) {
      this.grow(nowMs, size);
      context.drawImage(this.layer, 0, 0);
      this.drawFlashes(context, { nowMs, dt, left, scale, size });
      this.drawPulses(context, { nowMs, left, scale, size });
    }
    if (this.hasPads) drawPads(context, this.pads, { size, palette, dt });
  }

  /** Sides of the square sheet within the round dish, in a canvas so wide. */
  private geometry(size: number) {
    const dishRadius = this.hasPads ? 0.375 * size : 0.485 * size;
    const side = dishRadius * 1.46;
    return { dishRadius, left: (size - side) / 2, scale: side / (this.film?.widthMm ?? 1.6) };
  }

  private restart(): void {
    this.drawnDay = 0;
    this.layer.width = 0;
  }

  /** Adds to the layer what has grown since. */
  private grow(nowMs: number, size: number): void {
    const film = this.film!;
    const { layer, palette } = this;
    if (layer.width !== size) {
      layer.width = size;
      layer.height = size;
      this.drawnDay = 0;
    }
    const day = DAYS * Math.min(1, (nowMs - this.filmStartMs) / FILM_MS);
    if (this.drawnDay >= DAYS) return;
    const context = layer.getContext("2d")!;
    const { left, scale } = this.geometry(size);
    const { positionsMm, pre, post, bornDay, excitatoryCount } = film;
    const x = (cell: number) => left + scale * positionsMm[2 * cell];
    const y = (cell: number) => left + scale * positionsMm[2 * cell + 1];
    context.strokeStyle = palette.neurite;
    context.lineWidth = Math.max(0.4, size / 1600);
    context.beginPath();
    for (let k = 0; k < pre.length; k++) {
      if (bornDay[k] >= day || bornDay[k] < this.drawnDay) continue;
      const [x0, y0, x1, y1] = [x(pre[k]), y(pre[k]), x(post[k]), y(post[k])];
      // Neurites wander: bent to one side, by the number of the synapse.
      const bend = (((k * 2654435761) >>> 0) / 2 ** 32 - 0.5) * 0.5;
      context.moveTo(x0, y0);
      context.quadraticCurveTo((x0 + x1) / 2 - bend * (y1 - y0), (y0 + y1) / 2 + bend * (x1 - x0), x1, y1);
    }
    context.stroke();
    const radius = Math.max(0.4, size / 420);
    for (let cell = 0; cell < positionsMm.length / 2; cell++) {
      context.fillStyle = cell < excitatoryCount ? palette.cell : palette.inhibitory;
      context.fillRect(x(cell) - radius, y(cell) - radius, 2 * radius, 2 * radius);
    }
    this.drawnDay = day;
    if (day < DAYS) return;
    const { learned } = this;
    if (learned) {
      context.strokeStyle = palette.right;
      for (let i = 0; i < learned.pre.length; i++) {
        context.globalAlpha = 0.5 * learned.gain[i];
        context.lineWidth = Math.max(0.3, (size / 500) * learned.gain[i]);
        context.beginPath();
        context.moveTo(x(learned.pre[i]), y(learned.pre[i]));
        context.lineTo(x(learned.post[i]), y(learned.post[i]));
        context.stroke();
      }
      context.globalAlpha = 1;
    }
    context.fillStyle = palette.dish;
    context.strokeStyle = palette.wrong;
    context.lineWidth = Math.max(1, size / 300);
    context.setLineDash([size / 80, size / 100]);
    for (const { xUm, yUm, radiusUm } of this.cuts) {
      context.globalAlpha = 0.8;
      context.beginPath();
      context.arc(left + (scale * xUm) / 1000, left + (scale * yUm) / 1000, (scale * radiusUm) / 1000, 0, 7);
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  private drawFlashes(
    context: CanvasRenderingContext2D,
    {
      nowMs,
      dt,
      left,
      scale,
      size,
    }: { nowMs: number; dt: number; left: number; scale: number; size: number },
  ): void {
    const { glow, film, palette } = this;
    const fade = Math.exp(-dt / FLASH_MS);
    for (let cell = 0; cell < glow.length; cell++) glow[cell] *= fade;
    this.coming = this.coming.filter(({ neuron, atMs }) => {
      if (atMs > nowMs) return true;
      if (nowMs - atMs < 1000) glow[neuron] = 1;
      return false;
    });
    context.fillStyle = palette.flash;
    for (let cell = 0; cell < glow.length; cell++) {
      const light = glow[cell];
      if (light < 0.05) continue;
      const radius = (size / 300) * (0.6 + 1.2 * light);
      context.globalAlpha = light;
      context.beginPath();
      context.arc(
        left + scale * film!.positionsMm[2 * cell],
        left + scale * film!.positionsMm[2 * cell + 1],
        radius,
        0,
        2 * Math.PI,
      );
      context.fill();
    }
    context.globalAlpha = 1;
  }

  private drawPulses(
    context: CanvasRenderingContext2D,
    { nowMs, left, scale, size }: { nowMs: number; left: number; scale: number; size: number },
  ): void {
    this.pulses = this.pulses.filter(({ atMs }) => nowMs - atMs < 2 * PULSE_MS);
    context.lineWidth = Math.max(1, size / 260);
    for (const { channel, atMs, isWrite } of this.pulses) {
      const age = (nowMs - atMs) / PULSE_MS;
      const at = this.electrodes[channel];
      if (age < 0 || !at) continue;
      context.globalAlpha = Math.max(0, 1 - age / 2);
      context.strokeStyle = isWrite ? this.palette.write : this.palette.datum;
      context.beginPath();
      context.arc(
        left + (scale * at.xUm) / 1000,
        left + (scale * at.yUm) / 1000,
        scale * (0.03 + 0.06 * age),
        0,
        2 * Math.PI,
      );
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/** Makes the canvas as fine as the screen, at most twice; gives its side in pixels. */
function fitted(canvas: HTMLCanvasElement): number {
  const side = Math.round(canvas.clientWidth * Math.min(2, devicePixelRatio));
  if (canvas.width !== side) {
    canvas.width = side;
    canvas.height = side;
  }
  return side;
}
