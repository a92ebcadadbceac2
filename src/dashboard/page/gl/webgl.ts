/**
 * Capsules by one WebGL2 program, as many as asked for in one call. Coverage comes from the distance to the segment, so
 * that edges are smooth without multisampling. A capsule is four vertices that all hold the whole of it.
 */
import { type CapsuleBuffer, type Capsules, FLOATS, type View } from "./capsules.ts";
import { currentPalette, PALETTE_SIZE } from "./palette.ts";

const VERTEX = `#version 300 es
in vec4 ends;
in vec4 look;
uniform vec2 scale, offset, size;
uniform vec4 palette[${PALETTE_SIZE}];
out vec2 at;
flat out vec2 a, b;
flat out vec4 colour;
flat out vec2 shape;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1);
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

/** Vertices of a capsule, and the order in which its two triangles take them. */
const CORNERS = 4;
const TRIANGLES = [0, 1, 2, 2, 1, 3];

/** Capsules in the memory of the graphics card, written in ranges. */
interface CardBuffer extends CapsuleBuffer {
  /** `data`, each capsule `CORNERS` times. */
  readonly vertices: Float32Array;
  readonly vao: WebGLVertexArrayObject;
  readonly buffer: WebGLBuffer;
}

export class WebGlCapsules implements Capsules<CardBuffer> {
  private readonly program: WebGLProgram;
  private readonly uniforms: Record<"scale" | "offset" | "size" | "palette", WebGLUniformLocation | null>;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = link(gl);
    const of = (name: string) => gl.getUniformLocation(this.program, name);
    this.uniforms = { scale: of("scale"), offset: of("offset"), size: of("size"), palette: of("palette") };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  buffer(capacity: number): CardBuffer {
    const { gl, program } = this;
    const data = new Float32Array(capacity * FLOATS);
    const vertices = new Float32Array(data.length * CORNERS);
    const vao = gl.createVertexArray();
    gl.bindVertexArray(vao);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, vertices.byteLength, gl.DYNAMIC_DRAW);
    ["ends", "look"].forEach((name, half) => {
      const location = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, 4, gl.FLOAT, false, FLOATS * 4, half * 16);
    });
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    const order = Uint32Array.from(
      { length: capacity * TRIANGLES.length },
      (_, i) => CORNERS * Math.floor(i / TRIANGLES.length) + TRIANGLES[i % TRIANGLES.length],
    );
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.STATIC_DRAW);
    gl.bindVertexArray(null);
    return { data, vertices, vao, buffer };
  }

  upload({ data, vertices, buffer }: CardBuffer, from: number, to: number): void {
    const { gl } = this;
    for (let i = from; i < to; i++)
      for (let corner = 0; corner < CORNERS; corner++)
        for (let k = 0; k < FLOATS; k++) vertices[(i * CORNERS + corner) * FLOATS + k] = data[i * FLOATS + k];
    const floats = FLOATS * CORNERS;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferSubData(gl.ARRAY_BUFFER, from * floats * 4, vertices.subarray(from * floats, to * floats));
  }

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

  draw({ vao }: CardBuffer, first: number, count: number, view: View): void {
    if (count <= 0) return;
    const { gl, uniforms } = this;
    gl.uniform2f(uniforms.scale, ...view.scale);
    gl.uniform2f(uniforms.offset, ...view.offset);
    gl.bindVertexArray(vao);
    const n = TRIANGLES.length;
    gl.drawElements(gl.TRIANGLES, n * count, gl.UNSIGNED_INT, n * first * 4);
  }

  end(): void {}

  close(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
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
