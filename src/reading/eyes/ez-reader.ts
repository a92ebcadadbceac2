/**
 * E-Z Reader 10: eyes that read a sentence (Reichle, Warren and McConnell 2009, https://doi.org/10.3758/PBR.16.1.1; parameters in
 * ez-reader-parameters.ts). Attention goes from word to word; the familiarity of a word (L1) starts a saccade to the next, its access
 * (L2) moves attention there; a word is then integrated with what came before, and where that fails attention and eyes go back. A
 * saccade can be cancelled for its first part, by which words are skipped, and misses its aim, by which they are read twice.
 *
 * Each process is a time that is left; the next to end is the next event. All times are ms, places are letters.
 */

import type { Random } from "../../math/random.ts";
import { EZ_READER, type EzReaderParameters, familiarityMs, type ReadWord } from "./ez-reader-parameters.ts";
import { gamma } from "./gamma.ts";

export interface SimulatedFixation {
  readonly word: number;
  /** Letters from the beginning of the sentence. */
  readonly place: number;
  readonly onsetMs: number;
  readonly durationMs: number;
}

type Process =
  | "lag"
  | "familiarity"
  | "access"
  | "attention"
  | "integration"
  | "labile"
  | "fixed"
  | "saccade";

/** A saccade that is being made ready: to which word, and where it aims. */
interface Program {
  readonly word: number;
  readonly aim: number;
}

const MOST_EVENTS = 100_000;

export function readSentence(
  words: readonly ReadWord[],
  random: Random,
  parameters: EzReaderParameters = EZ_READER,
): SimulatedFixation[] {
  if (words.length === 0) throw new RangeError("readSentence: expected words, got none");
  return new Reading(words, random, parameters).run();
}

class Reading {
  /** Time left of what goes on. For L1 it is the time at the point of fixation, used up more slowly further out. */
  private readonly left = new Map<Process, number>();
  private readonly starts: number[] = [];
  private now = 0;
  private attended = 0;
  /** The word that attention is going to. */
  private next = 0;
  private integrating = -1;
  private integrated = -1;
  private readonly failed = new Set<number>();
  /** Where the eyes are, and the place that L1's rate still follows. */
  private place: number;
  private seenFrom: number;
  private fixationOnset = 0;
  private program: Program | undefined;
  private flying: Program | undefined;
  private readonly fixations: SimulatedFixation[] = [];

  constructor(
    private readonly words: readonly ReadWord[],
    private readonly random: Random,
    private readonly p: EzReaderParameters,
  ) {
    let at = 0;
    for (const { letters } of words) {
      this.starts.push(at);
      at += letters + 1;
    }
    this.place = this.middle(0);
    this.seenFrom = this.place;
    this.attend(0);
  }

  run(): SimulatedFixation[] {
    for (let events = 0; this.integrated < this.words.length - 1; events++) {
      if (events > MOST_EVENTS) throw new Error("internal: E-Z Reader does not come to an end");
      const [process, time] = this.soonest();
      this.pass(time);
      this.left.delete(process);
      this.end(process);
    }
    if (!this.left.has("saccade")) this.fixate();
    return this.fixations;
  }

  private end(process: Process): void {
    const { p, random } = this;
    switch (process) {
      case "lag":
        this.seenFrom = this.place;
        return;
      case "familiarity":
        this.left.set("access", gamma(random, p.delta * this.meanOf(this.attended), p.deviation));
        if (this.attended + 1 < this.words.length) this.plan(this.attended + 1);
        return;
      case "access":
        this.accessed();
        return;
      case "attention":
        this.attend(this.next);
        return;
      case "integration":
        if (random.uniform() < p.integrationFailure) this.goBack(this.integrating);
        else this.integrated = Math.max(this.integrated, this.integrating);
        return;
      case "labile": {
        // One saccade at a time: the next is let go when the eyes have landed.
        const [fixed, saccade] = [this.left.get("fixed"), this.left.get("saccade")];
        if (fixed !== undefined || saccade !== undefined) {
          this.left.set("labile", fixed === undefined ? saccade! : fixed + p.saccadeMs);
          return;
        }
        this.left.set("fixed", this.draw(p.fixedMs));
        this.flying = this.program;
        this.program = undefined;
        return;
      }
      case "fixed":
        this.fixate();
        this.left.set("saccade", p.saccadeMs);
        return;
      case "saccade":
        this.land();
    }
  }

  /** Word accessed: attention goes on, and the word is integrated, if the one before it is. */
  private accessed(): void {
    const word = this.attended;
    if (this.left.has("integration") && this.integrating < word && !this.failed.has(this.integrating)) {
      // Slow failure: the next word is there before the last one is understood.
      this.goBack(this.integrating);
      return;
    }
    if (this.left.has("integration")) this.integrated = Math.max(this.integrated, this.integrating);
    this.integrating = word;
    this.left.set("integration", this.draw(this.p.integrationMs));
    if (word + 1 < this.words.length) {
      this.next = word + 1;
      this.left.set("attention", this.draw(this.p.attentionMs));
    }
  }

  /** Attention and eyes go back to a word; once for each, a second failure is let pass. */
  private goBack(word: number): void {
    this.left.delete("integration");
    if (this.failed.has(word)) {
      this.integrated = Math.max(this.integrated, word);
      return;
    }
    this.failed.add(word);
    this.left.delete("familiarity");
    this.left.delete("access");
    this.next = word;
    this.left.set("attention", this.draw(this.p.attentionMs));
    this.plan(word);
  }

  private attend(word: number): void {
    this.attended = word;
    const { predictability } = this.words[word];
    // What comes can only be guessed from what is understood.
    const guessed = this.integrated >= word - 1 && this.random.uniform() < predictability;
    this.left.set("familiarity", guessed ? 0 : gamma(this.random, this.meanOf(word), this.p.deviation));
  }

  private meanOf(word: number): number {
    const given = this.words[word];
    const known = this.integrated >= word - 1;
    return Math.max(1, familiarityMs(known ? given : { ...given, predictability: 0 }, this.p));
  }

  /** Starts a saccade; one that is not yet fixed is dropped, and half of what was done for it counts. */
  private plan(word: number): void {
    const { labileMs } = this.p;
    const fresh = this.draw(labileMs);
    const running = this.left.get("labile");
    const done = running === undefined ? 0 : Math.max(0, labileMs - running);
    this.program = { word, aim: this.middle(word) };
    this.left.set("labile", Math.max(0, fresh - Math.min(done, labileMs / 2)));
  }

  private land(): void {
    const { p, random } = this;
    const { word, aim } = this.flying!;
    this.flying = undefined;
    const intended = aim - this.place;
    const length = Math.abs(intended);
    const lastMs = this.fixations.at(-1)!.durationMs;
    const systematic = ((p.preferredLetters - length) * (p.errorOmega1 - Math.log(lastMs))) / p.errorOmega2;
    const spread = p.spreadLetters + p.spreadPerLetter * length;
    const error = systematic + spread * random.normal();
    const last = this.starts.at(-1)! + this.words.at(-1)!.letters;
    this.place = Math.min(last - 0.5, Math.max(0, this.place + intended + Math.sign(intended || 1) * error));
    this.fixationOnset = this.now;
    this.left.set("lag", p.lagMs);
    const landed = this.wordAt(this.place);
    const off = Math.abs(this.place - this.middle(word));
    if (!this.left.has("labile") && random.uniform() < p.refixation * off) this.plan(landed);
  }

  /** The fixation that ends now. */
  private fixate(): void {
    const durationMs = this.now - this.fixationOnset;
    this.fixations.push({
      word: this.wordAt(this.place),
      place: this.place,
      onsetMs: this.fixationOnset,
      durationMs,
    });
  }

  private soonest(): [Process, number] {
    let best: [Process, number] | undefined;
    for (const [process, left] of this.left) {
      const time = process === "familiarity" ? left * this.slowness() : left;
      if (!best || time < best[1]) best = [process, time];
    }
    if (!best) throw new Error("internal: E-Z Reader has nothing to wait for");
    return best;
  }

  private pass(time: number): void {
    this.now += time;
    const slowness = this.slowness();
    for (const [process, left] of this.left)
      this.left.set(process, Math.max(0, left - (process === "familiarity" ? time / slowness : time)));
  }

  /** By how much L1 of the attended word is slower for where it is seen from. */
  private slowness(): number {
    const start = this.starts[this.attended];
    const { letters } = this.words[this.attended];
    let distance = 0;
    for (let i = 0; i < letters; i++) distance += Math.abs(start + i + 0.5 - this.seenFrom);
    return this.p.eccentricity ** (distance / letters);
  }

  private middle(word: number): number {
    return this.starts[word] + this.words[word].letters / 2;
  }

  /** A word belongs with the blank before it. */
  private wordAt(place: number): number {
    let word = 0;
    while (word + 1 < this.words.length && place >= this.starts[word + 1] - 1) word++;
    return word;
  }

  private draw(mean: number): number {
    return gamma(this.random, mean, this.p.deviation);
  }
}
