/** `wetgrad doom play`: a person plays the arena in a page, with a brain's senses, for comparison. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Command } from "commander";
import { ARENAS, DOOM_DEFAULTS, PERCEPTIONS, type Perception } from "../../tasks/doom/options.ts";
import { openInBrowser } from "../manners/browser.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { print } from "../manners/output.ts";

const EXAMPLES = `
Example:
  $ wetgrad doom play                    the centre, by the lamps that a brain's sites are
  $ wetgrad doom play --frame --arena gather

The lives are those of the last probe of a run of this seed with one cycle. The page is for this machine only.`;

interface PlayFlags {
  readonly arena: string;
  readonly perception: string;
  readonly seed: string;
  readonly port: string;
  readonly frame?: boolean;
  readonly open?: boolean;
}

export function doomPlayCommand(): Command {
  return new Command("play")
    .description("play an arena in a page with the senses of a brain, for comparison")
    .option("--arena <name>", `where: ${ARENAS.join(", ")}`, DOOM_DEFAULTS.arena)
    .option("--perception <name>", `what is perceived: ${PERCEPTIONS.join(", ")}`, DOOM_DEFAULTS.perception)
    .option("--seed <n>", "whose lives", "1")
    .option("--frame", "show the game's frame, too")
    .option("--port <n>", "of the page (0: any)", "0")
    .option("--open", "open it in the browser")
    .addHelpText("after", EXAMPLES)
    .action(play);
}

async function play({
  arena,
  perception,
  seed,
  port,
  frame = false,
  open = false,
}: PlayFlags): Promise<void> {
  const { arenas } = await import("../../games/doom/arenas/arenas.ts");
  const rules = arenas[arena];
  if (!rules) throw wrongOption("--arena", `one of ${ARENAS.join(", ")}`, arena);
  const sense = PERCEPTIONS.find((name) => name === perception);
  if (!sense) throw wrongOption("--perception", `one of ${PERCEPTIONS.join(", ")}`, perception);
  const { installedDoom } = await import("../../engines/installed.ts");
  const { Stage } = await import("../../tasks/doom/stage.ts");
  const { PersonGame } = await import("../../tasks/doom/person.ts");
  const { playPage } = await import("./play-page.ts");
  const { pngOf } = await import("../../files/png.ts");
  const stage = new Stage(rules, installedDoom(), { pixels: sense === "pixels" });
  const game = new PersonGame(stage, { seed: wholeNumber("--seed", seed), perception: sense as Perception });
  const page = playPage({ moves: game.moves, frame });
  const server = createServer(async (request, response) => {
    if (request.method === "POST" && request.url === "/step") {
      const move = moveOf(await bodyOf(request), game.moves.length);
      if (move === null) return void response.writeHead(400).end();
      const png = () => Buffer.from(pngOf(game.frame())).toString("base64");
      const shown = { ...game.step(move), ...(frame ? { png: png() } : {}) };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(shown));
    } else if (request.method === "GET" && request.url === "/")
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", (error) => failed(new UsageError(`--port ${port}: ${error.message}`)));
    server.listen(wholeNumber("--port", port), "127.0.0.1", listening);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  print(`${url}  (Ctrl-C ends)`);
  if (open) await openInBrowser(url, (line) => process.stderr.write(`${line}\n`));
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 2 ** 31)
    throw wrongOption(flag, "a whole number of at least 0", text);
  return value;
}

const LONGEST_BODY = 100;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) if ((body += String(piece)).length > LONGEST_BODY) break;
  return body;
}

/** Null where it is none. */
function moveOf(body: string, moves: number): number | null {
  try {
    const { move } = JSON.parse(body) as { move?: unknown };
    return typeof move === "number" && Number.isInteger(move) && move >= -1 && move < moves ? move : null;
  } catch {
    return null;
  }
}
