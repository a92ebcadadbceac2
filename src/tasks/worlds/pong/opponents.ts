/** Other players of the vat's pong: a small DQN and PPO, given as many samples of the game as the vat had, then probed alike. */

import type { VatConfig } from "../../../experiment/vat/config.ts";
import { Random } from "../../../math/random.ts";
import { type Agent, trainDqn } from "./dqn.ts";
import { countRallies, observe, play, serve } from "./pong-game.ts";
import { trainPpo } from "./ppo.ts";

export interface OpponentScore {
  readonly hitsPerRally: number;
  readonly aces: number;
  readonly longRallies: number;
}

export async function playOpponents(
  { cycles, presentations, probeTrials }: Pick<VatConfig, "cycles" | "presentations" | "probeTrials">,
  seed: number,
): Promise<{ dqn: OpponentScore; ppo: OpponentScore }> {
  const samples = cycles * presentations;
  return {
    dqn: probe(await trainDqn(samples, Random.of(seed, "dqn")), seed, cycles, probeTrials),
    ppo: probe(await trainPpo(samples, Random.of(seed, "ppo")), seed, cycles, probeTrials),
  };
}

/** The game that the vat's last probe was served. */
function probe(agent: Agent, seed: number, cycles: number, steps: number): OpponentScore {
  const random = Random.of(seed, "pong", "probe", cycles);
  let game = serve(random);
  const events: ReturnType<typeof play>["event"][] = [];
  for (let step = 0; step < steps; step++) {
    const next = play(game, agent(observe(game)), random);
    game = next.game;
    events.push(next.event);
  }
  const { hitsPerRally, aces, longRallies } = countRallies(events);
  return { hitsPerRally, aces, longRallies };
}
