/** Workers of the page: their code is in the page itself, so that it works from a file. */
import source from "virtual:worker";

let address: string | undefined;

export function startWorker(): Worker {
  address ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(address);
}
