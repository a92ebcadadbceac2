/**
 * A link that holds what goes through it for up to some ms, each time others: `slow-link.ts PORT MOST-MS`. Tells on stdout, as JSON,
 * at which port it listens.
 */
import { connect, createServer } from "node:net";
import { Random } from "../../src/math/random.ts";

const [, , port, mostMs] = process.argv;
const random = Random.of(5, "slow link");
const server = createServer((near) => {
  const far = connect(Number(port), "127.0.0.1");
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    let last = Promise.resolve();
    from.on("data", (bytes) => {
      const due = new Promise<void>((resolve) => setTimeout(resolve, Number(mostMs) * random.uniform()));
      last = last.then(() => due).then(() => void to.write(bytes));
    });
    from.on("close", () => to.destroy()).on("error", () => to.destroy());
  }
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === "object" && address?.port })}\n`);
});
