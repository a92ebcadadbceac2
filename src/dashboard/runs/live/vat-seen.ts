/** A vat as it is seen in this process: its brains as they step, the game that they play, what its probes came to. */
import type { StimulableProfile } from "../../../device/profile.ts";
import { scaffolds } from "../../../device/simulated/scaffolds.ts";
import type { Observer } from "../../../experiment/job/observer.ts";
import type { Place } from "../../../experiment/job/where.ts";
import { jobsOf } from "../../../experiment/job/work.ts";
import { encodeFrame } from "../../../experiment/live/frames.ts";
import { type Experiment, planOf } from "../../../experiment/plans.ts";
import type { StepSeen, WriteSeen } from "../../../methods/contract.ts";
import { cultureSeed } from "../../../session/plan.ts";
import type { CourtView, FrameView, WorldEvent } from "../../../tasks/contract.ts";
import { brainAccuracies, jointAccuracy } from "../../../tasks/measures/decide.ts";
import type { Tissue } from "../../../tissue/contract.ts";
import { wrapTissue } from "../../../tissue/wrap.ts";
import { placeText } from "../../place.ts";
import { WHOLE } from "../../protocol.ts";
import { fitMessage, writeMessage } from "../messages.ts";
import { BrainsSeen } from "./brains-seen.ts";
import { holdable, type SeenHere, type Told } from "./here.ts";

/** Least wall time between two pictures of a game. */
const SCREEN_MS = 100;

export class VatSeen implements SeenHere {
  readonly observer: Observer;
  /** Whose brains are held now. */
  seed: number;
  private readonly brains: number;
  private readonly profile: StimulableProfile;
  /** The seed of each vat, by that of its first brain. */
  private readonly vatOf: ReadonlyMap<number, number>;
  private steps: BrainsSeen;
  private arm = "common";
  private game = { hits: 0, misses: 0, rally: 0 };
  private screenAt = 0;

  constructor(
    experiment: Experiment,
    private readonly told: Told,
  ) {
    const plan = planOf(experiment);
    const { firstSeed, brains, scaffold } = plan;
    this.seed = firstSeed;
    this.brains = brains;
    this.profile = scaffolds[scaffold].profile;
    this.vatOf = new Map(jobsOf(plan).map(({ seed }) => [cultureSeed(plan, seed, 0), seed]));
    this.steps = this.brainsSeen();
    this.observer = this.observe();
  }

  grown(brain: number): void {
    this.told.state.log("info", `brain ${brain + 1} of seed ${this.seed} has grown`);
  }

  stopped(): void {
    const { state, control } = this.told;
    state.stopped(WHOLE, "vat", control.lastPassedAtMs, performance.timeOrigin + performance.now());
  }

  watch(tissue: Tissue): Tissue {
    const { control, state } = this.told;
    const watched = wrapTissue(tissue, {
      open: (specs, onGrown) => {
        this.begin(specs[0].seed);
        return tissue.open(specs, onGrown);
      },
      step: (step, plans) => this.steps.step(plans, () => tissue.step(step, plans)),
    });
    return holdable(watched, control, () => state.log("info", `seed ${this.seed}: held`));
  }

  private observe(): Observer {
    const { feed, state } = this.told;
    return {
      place: (place) => this.onPlace(place),
      step: (step) => this.onStep(step),
      // The twin descends too: what is shown of the emulator is that of the vat, as in the journal.
      fit: (cycle, { autoencoderLoss, dynamicsLoss }) => {
        if (this.arm !== "descent" && this.arm !== "common") return;
        feed.say(fitMessage({ seed: this.seed }, { cycle, autoencoderLoss, dynamicsLoss }));
      },
      write: (cycle, write) => {
        if (this.arm === "descent") this.onWrite(cycle, write);
      },
      probed: ({ seed, arm, cycle }, { spoken, listening, events }, { questions, score }) => {
        const each = brainAccuracies(spoken, questions);
        const together = jointAccuracy(spoken, questions);
        feed.say({
          kind: "vatProbe",
          seed,
          arm,
          cycle,
          together,
          alone: each.reduce((sum, value) => sum + value / each.length, 0),
          bits: listening?.fromOthers,
          hitsPerRally: score?.(events).hitsPerRally,
        });
        const right = `${(100 * together).toFixed(1)} % right`;
        state.log("info", `seed ${seed}: ${placeText({ arm, cycle, phase: "probe" })}, together ${right}`);
      },
    };
  }

  private brainsSeen(): BrainsSeen {
    return new BrainsSeen(this.brains, this.profile, this.told.feed);
  }

  /** Other brains grow: those of the vat whose first brain has this seed. */
  private begin(first: number): void {
    this.seed = this.vatOf.get(first) ?? this.seed;
    this.steps = this.brainsSeen();
    this.told.state.tellAgain();
  }

  private onPlace(place: Place): void {
    const { feed, state } = this.told;
    const { seed, arm, cycle, phase } = place;
    this.arm = arm;
    this.game = { hits: 0, misses: 0, rally: 0 };
    feed.say({ kind: "place", culture: WHOLE, arm, cycle, phase, atMs: Date.now() });
    state.log("info", `seed ${seed}: ${placeText(place)}`);
  }

  /** Of all brains together: the class that should follow is each brain's own. */
  private onWrite(cycle: number, { index, targets, log }: WriteSeen): void {
    const N = targets.length;
    const meanOf = (values: Float32Array) =>
      values.subarray(index * N, (index + 1) * N).reduce((sum, value) => sum + value, 0) / N;
    this.told.feed.say(
      writeMessage(
        { seed: this.seed },
        {
          cycle,
          presentation: index,
          crossEntropy: log.crossEntropy[index],
          priorError: log.priorError[index],
          overlap: meanOf(log.overlap),
          correlation: meanOf(log.correlation),
        },
      ),
    );
  }

  /** Drawn where there is time for it: the game is many times faster than it can be looked at. */
  private onScreen({ frame, given, said, scored, lives, health, bullets }: FrameView): void {
    const now = performance.now();
    if (now - this.screenAt < SCREEN_MS) return;
    this.screenAt = now;
    const at = { startFrame: this.steps.frame, endFrame: this.steps.frame };
    const brains = { given: Uint8Array.from(given), said: Uint8Array.from(given, (_, n) => said[n] ?? 0) };
    const counts = { scored, lives, health, bullets };
    this.told.feed.show(
      encodeFrame({ type: "screen", culture: WHOLE, ...at, ...frame(), ...counts, ...brains }),
    );
  }

  private onStep({ event, game }: StepSeen): void {
    if (game && "frame" in game) this.onScreen(game);
    else if (game) this.onCourt(game, event);
  }

  private onCourt(game: CourtView, event: WorldEvent | null): void {
    const { hits, misses, rally } = this.game;
    if (event === "hit") this.game = { hits: hits + 1, misses, rally: rally + 1 };
    if (event === "miss") this.game = { hits, misses: misses + 1, rally: 0 };
    const at = { startFrame: this.steps.frame, endFrame: this.steps.frame };
    // The court is drawn from the top down, the game counts from the bottom up.
    const drawn = { ballX: game.ballX, ballY: 1 - game.ballY, paddleY: 1 - game.paddleY };
    const court = { ...drawn, paddleSize: game.paddleSize, ...this.game };
    this.told.feed.show(encodeFrame({ type: "court", culture: WHOLE, ...at, court }));
  }
}
