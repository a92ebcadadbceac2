/** One engine for the worlds of a task: who plays takes it, and who played before has its life put aside. */
import { Arena, type ArenaRules, type Paused } from "../../games/doom/arenas/arena.ts";
import { DoomEngine, type DoomParts } from "../../games/doom/engine.ts";
import type { Frame } from "../contract.ts";
import { drawn } from "./frame.ts";
import type { Retina } from "./pixels.ts";

/** Who plays: its life while another has the engine. */
export interface Player {
  aside: Paused | null;
}

export class Stage implements Retina {
  readonly rules: ArenaRules;
  private readonly arena: Arena;
  private player: Player | null = null;
  private emptyRoom: Arena | null = null;
  private mirror: DoomEngine | null = null;

  constructor(
    rules: ArenaRules,
    private readonly parts: DoomParts,
    /** Whether pixels are all that is seen. */
    { pixels = false } = {},
  ) {
    this.rules = rules;
    this.arena = Arena.open(rules, parts, { buries: pixels });
  }

  /** The arena as `player` left it. */
  take(player: Player): Arena {
    if (this.player !== player) {
      if (this.player) this.player.aside = this.arena.pause();
      if (player.aside) this.arena.resume(player.aside);
      player.aside = null;
      this.player = player;
    }
    return this.arena;
  }

  /** A room in which nothing lives. */
  readonly empty = (): Arena => {
    this.emptyRoom ??= Arena.open(this.rules, this.parts);
    return this.emptyRoom;
  };

  /** What `player` sees, drawn in an engine beside its own: drawing leaves marks in memory. */
  frame(player: Player): Frame {
    const { engine } = this.take(player);
    this.mirror ??= DoomEngine.open({ ...this.parts, wads: [this.parts.wads[0], this.rules.map()] });
    this.mirror.restore(engine.snapshot());
    return drawn(this.mirror);
  }
}
