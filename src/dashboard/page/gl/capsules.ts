/**
 * One WebGL2 program draws all that moves: capsules (line segments with round ends), as many as asked for, in one call.
 * A capsule of no length is a disc, one with a stroke is a ring. Coverage comes from the distance to the segment, so
 * that edges are smooth without multisampling. Six vertices a capsule, which read it from a texture by their number:
 * instances, the other way, are each a drawing of their own where the processor draws (SwiftShader), twenty times slower.
 * https://iquilezles.org/articles/distfunctions2d/ (segment)
 */

import { currentPalette, PALETTE_SIZE } from "./palette.ts";

/** x0, y0, x1, y1 in data units, radius and stroke (0: filled) in CSS pixels, colour (row of the palette), opacity. */
export const FLOATS = 8;

export interface View {
  /** Pixels = data * scale + offset, in CSS pixels from the top left. */
  readonly scale: readonly [number, number];
  readonly offset: readonly [number, number];
}

/** Capsules in one row of the texture, each of two texels. */
const ROW = 512;

const VERTEX = `#version 300 es
uniform highp sampler2D capsules;
uniform vec2 scale, offset, size;
uniform vec4 palette[${PALETTE_SIZE}];
out vec2 at;
flat out vec2 a, b;
flat out vec4 colour;
flat out vec2 shape;
void main() {
  int capsule = gl_VertexID / 6, k = gl_VertexID % 6;
  ivec2 texel = ivec2(2 * (capsule % ${ROW}), capsule / ${ROW});
  vec4 ends = texelFetch(capsules, texel, 0), look = texelFetch(capsules, texel + ivec2(1, 0), 0);
  // Two triangles: corners 0 1 2 and 2 1 3.
  int c4 = k < 3 ? k : k == 3 ? 2 : k == 4 ? 1 : 3;
  vec2 corner = vec2(c4 & 1, c4 >> 1);
  a = ends.xy * scale + offset;
  b = ends.zw * scale + offset;
  vec2 along = b - a;
  float len = length(along);
  vec2 u = len > 0.001 ? along / len : vec2(1.0, 0.0);
  vec2 v = vec2(-u.y, u.x);
  float pad = look.x + 1.0;
  at = mix(a, b, corner.x) + u * pad * (corner.x * 2.0 - 1.0) + v * pad * (corner.y * 2.0 - 1.0);
  vec4 c = palette[int(look.z)];
  colour = vec4(c.rgb, c.a * look.w);
  shape = look.xy;
  gl_Position = vec4(at / size * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in highp vec2 at;
flat in highp vec2 a, b;
flat in vec4 colour;
flat in vec2 shape;
out vec4 result;
void main() {
  highp vec2 pa = at - a, ba = b - a;
  highp float t = clamp(dot(pa, ba) / max(dot(ba, ba), 1e-6), 0.0, 1.0);
  highp float d = length(pa - ba * t) - shape.x;
  if (shape.y > 0.0) d = abs(d + 0.5 * shape.y) - 0.5 * shape.y;
  float alpha = colour.a * clamp(0.5 - d, 0.0, 1.0);
  result = vec4(colour.rgb * alpha, alpha);
}`;

/** Capsules in the memory of the graphics card, written in ranges. */
export interface CapsuleBuffer {
  readonly data: Float32Array;
  readonly texture: WebGLTexture;
}

export class Capsules {
  private readonly program: WebGLProgram;
  private readonly uniforms: Record<"scale" | "offset" | "size" | "palette", WebGLUniformLocation | null>;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = link(gl);
    const of = (name: string) => gl.getUniformLocation(this.program, name);
    this.uniforms = { scale: of("scale"), offset: of("offset"), size: of("size"), palette: of("palette") };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  buffer(capacity: number): CapsuleBuffer {
    const { gl } = this;
    const rows = Math.ceil(capacity / ROW);
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, 2 * ROW, rows);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    return { data: new Float32Array(rows * ROW * FLOATS), texture };
  }

  /** Sends capsules `[from, to)` of the buffer's data to the card, in whole rows. */
  upload({ data, texture }: CapsuleBuffer, from: number, to: number): void {
    if (to <= from) return;
    const { gl } = this;
    const [first, end] = [Math.floor(from / ROW), Math.ceil(to / ROW)];
    const rows = data.subarray(first * ROW * FLOATS, end * ROW * FLOATS);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, first, 2 * ROW, end - first, gl.RGBA, gl.FLOAT, rows);
  }

  /** Begins a picture of `width` x `height` CSS pixels. */
  begin(width: number, height: number): void {
    const palette = currentPalette();
    const { gl, program, uniforms } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(program);
    gl.uniform2f(uniforms.size, width, height);
    gl.uniform4fv(uniforms.palette, palette);
  }

  draw({ texture }: CapsuleBuffer, first: number, count: number, view: View): void {
    if (count <= 0) return;
    const { gl, uniforms } = this;
    gl.uniform2f(uniforms.scale, ...view.scale);
    gl.uniform2f(uniforms.offset, ...view.offset);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.drawArrays(gl.TRIANGLES, 6 * first, 6 * count);
  }
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("WebGL2: no shader could be made");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(`WebGL2: ${gl.getProgramInfoLog(program)}`);
  return program;
}
