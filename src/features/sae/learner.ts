/** The training of sparse autoencoders (gradient.ts): Adam, decoder rows of length 1, a running threshold for use. */
import { Random } from "../../math/random.ts";
import { Affine } from "../affine.ts";
import type { Dictionary, Learner, LearnerState, Method } from "../contract.ts";
import { dictionaryOf } from "../dictionary.ts";
import { transformInPlace } from "../transform.ts";
import type { Windows } from "../windows/windows.ts";
import { chosen, cutOf, type SaeParameters, saeGradient } from "./gradient.ts";
import type { SaeSettings } from "./settings.ts";

const WARM_UP = 200;
const DECAY_SHARE = 0.4;
const CLIP = 10;
const DEAD_AFTER = 60;
const AUXILIARY = { weight: 1 / 32, most: 32 };
const CUT_MEMORY = 0.99;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
const FIRST_THRESHOLD = 0.5;

const NAMES = ["encoder", "decoder", "encoderBias", "decoderBias", "thresholds"] as const;

export class SaeLearner implements Learner {
  private readonly affine: Affine;
  private readonly parameters: SaeParameters;
  private readonly gradients: SaeParameters;
  private readonly first: SaeParameters;
  private readonly second: SaeParameters;
  /** By latent, steps since it was last chosen; and the running cut, `[1]`. */
  private readonly silent: Float32Array;
  private readonly cut: Float32Array;
  private readonly isDead: Uint8Array;
  private readonly picked: Uint32Array;
  private random: Random;
  private step = 0;

  constructor(
    private readonly method: Method,
    private readonly windows: Windows,
    private readonly K: number,
    private readonly settings: SaeSettings & { readonly seed: number },
  ) {
    const D = windows.width;
    const { batch } = settings;
    this.random = Random.of(settings.seed, "features", method);
    this.affine = new Affine(new Float32Array(K * D), new Float32Array(K), { width: D, batch });
    const L = this.affine.length;
    const blank = (): SaeParameters => ({
      encoder: new Float32Array(K * L),
      decoder: new Float32Array(K * L),
      encoderBias: new Float32Array(K),
      decoderBias: new Float32Array(L),
      thresholds: new Float32Array(K),
    });
    this.parameters = { ...blank(), encoder: this.affine.weights, encoderBias: this.affine.bias };
    [this.gradients, this.first, this.second] = [blank(), blank(), blank()];
    this.silent = new Float32Array(K);
    this.cut = new Float32Array(1);
    this.isDead = new Uint8Array(K);
    this.picked = new Uint32Array(batch);
    this.begin();
  }

  get done(): number {
    return this.step;
  }

  get total(): number {
    return this.settings.steps;
  }

  private begin(): void {
    const { K, affine, random } = this;
    const { decoder, encoder, decoderBias, encoderBias, thresholds } = this.parameters;
    const { length: L, inputs } = affine;
    const D = this.windows.width;
    this.draw();
    for (let n = 0; n < this.picked.length; n++)
      for (let d = 0; d < D; d++) decoderBias[d] += inputs[n * L + d] / this.picked.length;
    for (let k = 0; k < K; k++) for (let d = 0; d < D; d++) decoder[k * L + d] = random.normal();
    this.normalise();
    encoder.set(decoder);
    thresholds.fill(this.method === "jumprelu" ? FIRST_THRESHOLD : 0);
    for (let k = 0; k < K; k++)
      for (let d = 0; d < D; d++) encoderBias[k] -= encoder[k * L + d] * decoderBias[d];
  }

  private draw(): void {
    const { picked, affine } = this;
    for (let n = 0; n < picked.length; n++) picked[n] = this.random.integer(this.windows.count);
    this.windows.read(picked, affine.inputs, affine.length);
    transformInPlace(affine.inputs, this.settings.transform);
  }

  private normalise(): void {
    const { decoder } = this.parameters;
    const L = this.affine.length;
    for (let k = 0; k < this.K; k++) {
      const row = decoder.subarray(k * L, (k + 1) * L);
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
      for (let d = 0; d < L; d++) row[d] /= norm;
    }
  }

  private prefixes(): number[] {
    if (this.method !== "matryoshka") return [this.K];
    return [8, 4, 2, 1].map((part) => Math.max(1, Math.floor(this.K / part)));
  }

  advance(): void {
    const { K, affine, settings, parameters, silent, isDead } = this;
    const { batch, jumpCost, jumpWidth } = settings;
    this.draw();
    const h = affine.applyToInputs(batch);
    const isJump = this.method === "jumprelu";
    const cut = isJump ? 0 : cutOf(h, Math.round(settings.k * batch));
    const codes = chosen(h, K, isJump ? { thresholds: parameters.thresholds } : { cut });
    if (!isJump) this.cut[0] = this.step === 0 ? cut : CUT_MEMORY * this.cut[0] + (1 - CUT_MEMORY) * cut;
    for (let k = 0; k < K; k++) silent[k]++;
    for (let i = 0; i < codes.length; i++) if (codes[i] > 0) silent[i % K] = 0;
    for (let k = 0; k < K; k++) isDead[k] = silent[k] >= DEAD_AFTER ? 1 : 0;
    for (const name of NAMES) this.gradients[name].fill(0);
    const square = affine.inputs.reduce((sum, value) => sum + value * value, 0) / batch;
    saeGradient(
      parameters,
      { x: affine.inputs, h, codes },
      {
        ...{ K, length: affine.length, prefixes: this.prefixes(), auxiliary: { isDead, ...AUXILIARY } },
        ...(isJump ? { jump: { cost: jumpCost * square, width: jumpWidth } } : {}),
      },
      this.gradients,
    );
    this.step++;
    this.move();
  }

  /** A step of Adam (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980). */
  private move(): void {
    const { settings, step, parameters, gradients, first, second } = this;
    const left = (settings.steps - step) / (DECAY_SHARE * settings.steps);
    const rate = settings.learningRate * Math.min(1, step / WARM_UP, Math.max(0, left));
    let square = 0;
    for (const name of NAMES) for (const g of gradients[name]) square += g * g;
    const scale = Math.min(1, CLIP / (Math.sqrt(square) || 1));
    const [unbias1, unbias2] = [1 / (1 - BETA1 ** step), 1 / (1 - BETA2 ** step)];
    for (const name of NAMES) {
      if (name === "decoder" && this.method === "frozen") continue;
      const [p, g, m, v] = [parameters[name], gradients[name], first[name], second[name]];
      for (let i = 0; i < p.length; i++) {
        const slope = g[i] * scale;
        m[i] += (1 - BETA1) * (slope - m[i]);
        v[i] += (1 - BETA2) * (slope * slope - v[i]);
        p[i] -= (rate * m[i] * unbias1) / (Math.sqrt(v[i] * unbias2) + EPSILON);
      }
    }
    for (let k = 0; k < this.K; k++) parameters.thresholds[k] = Math.max(0, parameters.thresholds[k]);
    this.normalise();
  }

  state(): LearnerState {
    const { key, counter } = this.random.state();
    const arrays: Record<string, Float32Array> = { silent: this.silent, cut: this.cut };
    for (const [stem, of] of this.saved()) for (const name of NAMES) arrays[`${stem}_${name}`] = of[name];
    const [key0, key1] = key.map((word) => word >>> 0);
    return { numbers: { step: this.step, key0, key1, counter }, arrays };
  }

  private saved() {
    return [
      ["parameters", this.parameters],
      ["first", this.first],
      ["second", this.second],
    ] as const;
  }

  resume({ numbers, arrays }: LearnerState): void {
    this.step = numbers["step"];
    this.random = Random.resume({
      key: [numbers["key0"] | 0, numbers["key1"] | 0],
      counter: numbers["counter"],
    });
    this.silent.set(arrays["silent"]);
    this.cut.set(arrays["cut"]);
    for (const [stem, of] of this.saved()) for (const name of NAMES) of[name].set(arrays[`${stem}_${name}`]);
  }

  dictionary(): Dictionary {
    const { K, affine, parameters, windows, settings, method } = this;
    const D = windows.width;
    const unpadded = (rows: Float32Array) => {
      const out = new Float32Array(K * D);
      for (let k = 0; k < K; k++) out.set(rows.subarray(k * affine.length, k * affine.length + D), k * D);
      return out;
    };
    const thresholds =
      method === "jumprelu" ? parameters.thresholds.slice() : new Float32Array(K).fill(this.cut[0]);
    return dictionaryOf(
      method,
      {
        ...{ kind: "linear", transform: settings.transform, activation: "jump", thresholds },
        encoder: unpadded(parameters.encoder),
        decoder: unpadded(parameters.decoder),
        encoderBias: parameters.encoderBias.slice(),
        decoderBias: parameters.decoderBias.slice(0, D),
      },
      D,
    );
  }
}
