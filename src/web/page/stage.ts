/** What lives beside the components: dishes, canvases, sound, the address. */
import type { Deed } from "../deeds.ts";
import { NOTES } from "../dish.ts";
import { DishView } from "./drawing/dish-view.ts";
import { readPalette } from "./drawing/palette.ts";
import { drawRoll } from "./drawing/roll.ts";
import { Lab } from "./lab.ts";
import { type Linked, type LinkedVat, readLink, writeLink } from "./link.ts";
import type { Film, Tell } from "./messages.ts";
import { Sound } from "./sound.ts";
import { PLAYED_NOTES } from "./words.ts";

export class Stage {
  lab!: Lab;
  readonly sound = new Sound();
  isCutting = false;
  /** The vat that the address names. */
  linkedVat: LinkedVat | undefined;
  private views: DishView[] = [];
  private palette = readPalette();
  private frame = 0;
  private lifeMs = [0, 0];
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor(
    readonly canvases: readonly [HTMLCanvasElement, HTMLCanvasElement],
    private readonly rolls: readonly [HTMLCanvasElement, HTMLCanvasElement],
    readonly changed: () => void,
  ) {
    this.views = canvases.map((canvas, i) => new DishView(canvas, this.palette, i === 0));
  }

  begin(): void {
    this.scheme.addEventListener("change", this.recolour);
    this.open(location.hash);
    const draw = (now: number) => {
      for (const view of this.views) view.draw(now);
      this.frame = requestAnimationFrame(draw);
    };
    this.frame = requestAnimationFrame(draw);
    addEventListener("hashchange", this.followLink);
    addEventListener("keydown", this.key);
  }

  end(): void {
    cancelAnimationFrame(this.frame);
    this.scheme.removeEventListener("change", this.recolour);
    removeEventListener("hashchange", this.followLink);
    removeEventListener("keydown", this.key);
    this.lab.close();
  }

  /** Another dish, or the one of a link. */
  open(hash: string): void {
    let linked: Linked = { seed: 1, deeds: [] };
    let failure: string | null = null;
    try {
      linked = readLink(hash);
    } catch (error) {
      failure = (error as Error).message;
    }
    this.linkedVat = linked.vat;
    this.lab?.close();
    this.lifeMs = [0, 0];
    const lab = new Lab(linked.seed, {
      changed: () => this.update(),
      told: (dish, tell) => this.told(dish, tell),
    });
    this.lab = lab;
    lab.failure = failure;
    for (const deed of linked.deeds) lab.perform(deed, false);
    this.update();
  }

  /** Puts the vat into the address, or takes it out. */
  linkVat(vat: LinkedVat | undefined): void {
    this.linkedVat = vat;
    this.update();
  }

  /** Teaches round by round, so that it can be stopped after any. */
  teach(rounds: number): void {
    this.sound.wake();
    for (let i = 0; i < rounds; i++) this.lab.perform({ kind: "teach", notes: NOTES }, true);
  }

  play(from: number): void {
    if (!this.lab.isGrown || this.lab.isBusy) return;
    this.sound.wake();
    this.lab.perform({ kind: "play", from, notes: PLAYED_NOTES }, true);
  }

  /** A gesture, and what the dish then plays. */
  gesture(deed: Deed): void {
    this.sound.wake();
    this.lab.perform(deed, false);
    if (deed.kind === "cut") for (const view of this.views) view.cut(deed);
    if (deed.kind === "tune") this.linkVat(undefined);
    else this.lab.perform({ kind: "play", from: this.lab.tune[0], notes: PLAYED_NOTES }, true);
  }

  tapDish({ offsetX, offsetY, currentTarget }: MouseEvent): void {
    if (!this.isCutting || this.lab.isBusy) return;
    const { clientWidth } = currentTarget as HTMLCanvasElement;
    this.isCutting = false;
    const at = this.views[0].placeAt(offsetX / clientWidth, offsetY / clientWidth);
    const within = (um: number) => Math.max(0, Math.min(1600, um));
    this.gesture({ kind: "cut", xUm: within(at.xUm), yUm: within(at.yUm), radiusUm: CUT_UM });
  }

  private told(dish: number, tell: Tell): void {
    const view = this.views[dish];
    const now = performance.now();
    switch (tell.kind) {
      case "film":
        this.film(view, tell, dish === 0);
        return;
      case "life":
        if (dish > 0) return;
        // Played at life's own speed, though it is lived faster.
        this.lifeMs[dish] = Math.max(this.lifeMs[dish], now + (this.lifeMs[dish] === 0 ? GROWTH_MS : 0));
        view.flash(tell.flashes, this.lifeMs[dish]);
        this.lifeMs[dish] += tell.flashes.durationMs;
        return;
      case "grown":
        view.place(tell.electrodes);
        return;
      case "heard": {
        const { heard, flashes } = tell;
        view.hear(heard, now);
        if (flashes) view.flash(flashes, now);
        if (dish === 0)
          this.sound.strike(heard.isWritten ? heard.next : heard.said, heard.isWritten ? 0.5 : 1);
        drawRoll(this.rolls[dish], this.lab.heard[dish as 0 | 1], this.palette);
        return;
      }
      case "done":
        if (tell.learned) view.learn(tell.learned);
    }
  }

  private film(view: DishView, film: Film, isGrowing: boolean): void {
    view.show(film, isGrowing && !matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  private update(): void {
    const { lab } = this;
    if (!lab) return;
    const [view] = this.views;
    view!.pads.tune = lab.tune;
    const last = lab.deeds.at(-1)?.kind;
    view!.pads.isInviting = lab.isGrown && !lab.isBusy && last === "teach";
    const link = writeLink({ seed: lab.seed, deeds: lab.linked, vat: this.linkedVat });
    if (!lab.isBusy && lab.failure === null && location.hash !== link) history.replaceState(null, "", link);
    for (const dish of [0, 1] as const) drawRoll(this.rolls[dish], lab.heard[dish], this.palette);
    this.changed();
  }

  private readonly recolour = () => {
    this.palette = readPalette();
    for (const view of this.views) view.repaint(this.palette);
    this.update();
  };

  private readonly followLink = () => this.open(location.hash);

  /** Digits play notes. */
  private readonly key = (event: KeyboardEvent) => {
    const note = Number(event.key) - 1;
    if (event.ctrlKey || event.metaKey || event.altKey || !(note >= 0 && note < NOTES)) return;
    this.play(note);
  };
}

const CUT_UM = 300;
/** Life is shown once the film of growth is over. */
const GROWTH_MS = 2600;
