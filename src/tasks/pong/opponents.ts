/** Other players of pong: a small DQN and PPO, given as many samples of the game as the brains had, then probed alike. */
import { Random } from "../../math/random.ts";
import type { GameSamples, GameScore } from "../contract.ts";
import { type Agent, trainDqn } from "./dqn.ts";
import { countRallies, observe, play, serve } from "./pong-game.ts";
import { trainPpo } from "./ppo.ts";

export async function playOpponents(
  samples: GameSamples,
  seed: number,
): Promise<{ dqn: GameScore; ppo: GameScore }> {
  return {
    dqn: probe(await trainDqn(samples.train, Random.of(seed, "dqn")), seed, samples),
    ppo: probe(await trainPpo(samples.train, Random.of(seed, "ppo")), seed, samples),
  };
}

/** The game that the vat's last probe was served. */
function probe(agent: Agent, seed: number, { probe: steps, blocks }: GameSamples): GameScore {
  const random = Random.of(seed, "pong", "probe", blocks);
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
