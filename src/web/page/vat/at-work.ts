/** A vat beside the page: it grows and lives in the worker that is asked. */
import { Choir } from "../../choir.ts";
import { ALONE_STEPS, LESSON_STEPS, PongVat } from "../../pong.ts";
import type { VatAsk, VatTell } from "./messages.ts";

let choir: Choir | undefined;
let pong: PongVat | undefined;

const VAT_ASKS = ["grow-choir", "teach-choir", "play-choir", "grow-pong", "play-pong", "move-pong"];

export function isVatAsk(ask: { readonly kind: string }): ask is VatAsk {
  return VAT_ASKS.includes(ask.kind);
}

export async function answerVat(ask: VatAsk, tell: (message: VatTell) => void): Promise<void> {
  const onGrown = (brain: number) => tell({ kind: "brain-grown", brain });
  switch (ask.kind) {
    case "grow-choir": {
      const { kind, tune, ...growth } = ask;
      choir = await Choir.grow({ ...growth, onGrown }, tune);
      return tell({ kind, asked: await choir.ask() });
    }
    case "teach-choir":
      await grown(choir).teach();
      return tell({ kind: ask.kind, asked: await grown(choir).ask() });
    case "play-choir": {
      const [one, many] = [await grown(choir).playOn("one"), await grown(choir).playOn("many")];
      return tell({ kind: ask.kind, played: { one, many } });
    }
    case "grow-pong": {
      const { kind, ...growth } = ask;
      pong = await PongVat.grow({ ...growth, onGrown });
      return tell({ kind });
    }
    case "play-pong": {
      const { kind, isLesson } = ask;
      const count = { hits: 0, misses: 0 };
      for await (const step of grown(pong).play(isLesson ? LESSON_STEPS : ALONE_STEPS, isLesson)) {
        if (step.event === "hit") count.hits++;
        if (step.event === "miss") count.misses++;
        tell({ kind: "pong-step", step });
      }
      return tell({ kind, isLesson, ...count });
    }
    case "move-pong":
      return tell({ kind: ask.kind, ...(await grown(pong).move(ask.court)) });
  }
}

function grown<Kind>(vat: Kind | undefined): Kind {
  if (!vat) throw new Error("internal: expected a vat that is grown");
  return vat;
}
