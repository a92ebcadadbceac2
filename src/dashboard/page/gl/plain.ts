/** Capsules on a plain canvas, for where WebGL2 is missing or is itself drawn by the processor. */
import { type CapsuleBuffer, type Capsules, FLOATS, type View } from "./capsules.ts";
import { currentPalette } from "./palette.ts";
import { type Capsule, rasterise, type Sheet } from "./rasterise.ts";

export class PlainCapsules implements Capsules {
  private image: ImageData | null = null;
  private sheet: Sheet = { data: new Uint8ClampedArray(), width: 0, height: 0, scale: 1 };
  private palette = currentPalette();
  private isBegun = false;
  private readonly capsule: Capsule = {
    ends: [0, 0, 0, 0],
    radius: 0,
    stroke: 0,
    colour: [0, 0, 0],
    opacity: 1,
  };

  constructor(private readonly context: CanvasRenderingContext2D) {}

  buffer(capacity: number): CapsuleBuffer {
    return { data: new Float32Array(capacity * FLOATS) };
  }

  upload(): void {}

  begin(width: number): void {
    const { canvas } = this.context;
    if (this.image?.width !== canvas.width || this.image.height !== canvas.height)
      this.image = this.context.createImageData(canvas.width, canvas.height);
    const { data } = this.image;
    this.sheet = { data, width: canvas.width, height: canvas.height, scale: canvas.width / width };
    this.palette = currentPalette();
    data.fill(0);
    this.isBegun = true;
  }

  draw({ data }: CapsuleBuffer, first: number, count: number, { scale, offset }: View): void {
    const { capsule, sheet, palette } = this;
    for (let i = first, at = first * FLOATS; i < first + count; i++, at += FLOATS) {
      for (let k = 0; k < 4; k++) capsule.ends[k] = data[at + k] * scale[k % 2] + offset[k % 2];
      capsule.radius = data[at + 4];
      capsule.stroke = data[at + 5];
      const row = 4 * data[at + 6];
      for (let k = 0; k < 3; k++) capsule.colour[k] = palette[row + k];
      capsule.opacity = palette[row + 3] * data[at + 7];
      rasterise(sheet, capsule);
    }
  }

  end(): void {
    if (this.image && this.isBegun) this.context.putImageData(this.image, 0, 0);
    this.isBegun = false;
  }

  close(): void {}
}
