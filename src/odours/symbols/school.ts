/**
 * One brain that learns symbols: shown for 400 ms, then light on dopamine for 200 ms, then 600 ms of rest. It is examined before, babbles
 * (symbols and doses at random), and every arm begins from the brain as it is then.
 *
 * Legend: S symbols, K compartments (as many).
 */
import type { StopFlag } from "../../tissue/stop-flag.ts";
import { odourFlashes, odourOf, sumOver } from "../subject/nose.ts";
import { DOPAMINE_MW, type Flash, LEAST_DOSE, type Subject } from "../subject/subject.ts";
import { cosine } from "../working-point.ts";
import type { SymbolCircuit, SymbolPupil } from "./circuit.ts";

export interface SchoolSettings {
  readonly babbleRounds: number;
  readonly rounds: number;
  /** Of each symbol, in an exam. */
  readonly trials: number;
}

const SHOWN_MS = 400;
const DOPAMINE_MS = 200;
const REST_MS = 600;
const EXAM_REST_MS = 200;
/** How fast a compartment's usual answer follows its answers. */
const USUAL_SHARE = 0.05;
/** Added to what is usual, so that a silent compartment is not loud for one spike. */
const AT_LEAST = 0.5;

export interface Exam {
  /** Share of right answers. */
  readonly right: number;
  /** `[S, K]` roots of mean spikes. */
  readonly roots: Float64Array;
  /** `[S, S]` cosines of the Kenyon cells' answers. */
  readonly likeness: Float64Array;
}

export class School {
  readonly symbols: readonly (readonly number[])[];
  /** Spikes of dopamine cells in all lessons. */
  dopamineSpikes = 0;
  /** `[K]` what each compartment answers on average. */
  private readonly usual: Float64Array;

  private constructor(
    readonly brain: Subject,
    readonly circuit: SymbolCircuit,
    seed: number,
  ) {
    const S = circuit.outputs.length;
    this.symbols = Array.from({ length: S }, (_, s) =>
      odourOf(10_000 + S * seed + s, circuit.glomeruli.length),
    );
    this.usual = new Float64Array(S).fill(1);
  }

  static async open({ circuit, open }: SymbolPupil, seed: number, stop?: StopFlag): Promise<School> {
    return new School(await open(20_000 + seed, stop), circuit, seed);
  }

  /** What follows each symbol: the next. */
  get right(): number[] {
    return this.symbols.map((_, s) => (s + 1) % this.symbols.length);
  }

  async exam(trials: number): Promise<Exam> {
    const S = this.symbols.length;
    const [sums, kenyon] = [new Float64Array(S * S), this.symbols.map(() => [] as number[])];
    const seen: { symbol: number; answer: Float64Array }[] = [];
    for (let trial = 0; trial < trials; trial++)
      for (let symbol = 0; symbol < S; symbol++) {
        const counts = await this.show(symbol, false);
        const answer = this.answersIn(counts);
        seen.push({ symbol, answer });
        answer.forEach((spikes, k) => {
          sums[symbol * S + k] += spikes / trials;
        });
        this.circuit.kenyon.forEach((channel, i) => {
          kenyon[symbol][i] = (kenyon[symbol][i] ?? 0) + counts[channel];
        });
        await this.brain.present(EXAM_REST_MS, [], false);
      }
    for (let k = 0; k < S; k++)
      this.usual[k] = seen.reduce((sum, { answer }) => sum + answer[k], 0) / seen.length;
    const right = seen.filter(({ symbol, answer }) => this.said(answer) === this.right[symbol]).length;
    return {
      right: right / seen.length,
      roots: sums.map(Math.sqrt),
      likeness: Float64Array.from({ length: S * S }, (_, i) => {
        const alike = cosine(kenyon[Math.floor(i / S)], kenyon[i % S]);
        return Number.isFinite(alike) ? alike : 0;
      }),
    };
  }

  /** Spikes of each compartment `[K]` to a symbol. */
  async ask(symbol: number, learns: boolean): Promise<Float64Array> {
    const answer = this.answersIn(await this.show(symbol, learns));
    answer.forEach((spikes, k) => {
      this.usual[k] += USUAL_SHARE * (spikes - this.usual[k]);
    });
    return answer;
  }

  /** The compartment that answers most against what is usual. */
  said(answer: Float64Array): number {
    const loudness = answer.map((spikes, k) => spikes / (this.usual[k] + AT_LEAST));
    return loudness.indexOf(Math.max(...loudness));
  }

  /** Lights the dopamine of each compartment by its dose `[K]`, 0 to 1, and lets the brain rest. */
  async teach(doses: Float64Array, learns: boolean): Promise<void> {
    const flashes = Array.from(doses).flatMap((dose, k): Flash[] =>
      dose < LEAST_DOSE
        ? []
        : [
            {
              ...{ channel: this.circuit.modulators[k], fromMs: 0, toMs: DOPAMINE_MS },
              irradianceMwPerMm2: dose * DOPAMINE_MW,
            },
          ],
    );
    const counts = await this.brain.present(DOPAMINE_MS, flashes, learns);
    this.dopamineSpikes += sumOver(counts, this.circuit.dopamine);
    await this.brain.present(REST_MS, [], learns);
  }

  async snapshot(): Promise<{ readonly brain: Uint8Array; readonly usual: Float64Array }> {
    return { brain: await this.brain.snapshot(), usual: this.usual.slice() };
  }

  async restore({
    brain,
    usual,
  }: {
    readonly brain: Uint8Array;
    readonly usual: Float64Array;
  }): Promise<void> {
    await this.brain.restore(brain);
    this.usual.set(usual);
  }

  close(): Promise<void> {
    return this.brain.close();
  }

  private show(symbol: number, learns: boolean): Promise<Uint32Array> {
    const flashes = odourFlashes(this.circuit.glomeruli, this.symbols[symbol], SHOWN_MS);
    return this.brain.present(SHOWN_MS, flashes, learns);
  }

  private answersIn(counts: Uint32Array): Float64Array {
    return Float64Array.from(this.circuit.outputs, (channel) => counts[channel]);
  }
}
