/** The word that a language model holds likeliest to come next, of those that the text it was trained on has after this one. */
import type { TextCodec } from "../../text/adavae/codec.ts";
import { wordsOf } from "../../text/corpus/corpus.ts";

/** So many of the commonest words after a word are weighed by the model. */
const FOLLOWERS = 12;
/** Prefixes are put to the model so many at a time. */
const AT_ONCE = 2048;

/**
 * For each sentence and word the word that is predicted to follow it, undefined where the text has none. The sentence's own next words
 * are not looked at.
 */
export async function predictedNext(
  codec: TextCodec,
  sentences: readonly (readonly string[])[],
  training: readonly string[],
): Promise<(string | undefined)[][]> {
  const followers = commonestAfter(training);
  const asked: { sentence: number; word: number; follower: string; prefix: string }[] = [];
  sentences.forEach((words, sentence) => {
    words.slice(0, -1).forEach((own, word) => {
      for (const follower of followers.get(own) ?? []) {
        const prefix = [...words.slice(0, word + 1), follower].join(" ");
        if (codec.tokenizer.encode(prefix).length <= codec.longest)
          asked.push({ sentence, word, follower, prefix });
      }
    });
  });
  const best = new Map<string, number>();
  const out = sentences.map((words): (string | undefined)[] => words.map(() => undefined));
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const part = asked.slice(from, from + AT_ONCE);
    const scores = await codec.tokenScores(part.map(({ prefix }) => prefix));
    part.forEach(({ sentence, word, follower }, i) => {
      // All tokens but the end of the sentence, which is not to come yet: prefixes of one place differ in their last word alone.
      const chance = scores[i].subarray(0, -1).reduce((sum, score) => sum + score, 0);
      const place = `${sentence} ${word}`;
      if (chance <= (best.get(place) ?? Number.NEGATIVE_INFINITY)) return;
      best.set(place, chance);
      out[sentence][word] = follower;
    });
  }
  return out;
}

function commonestAfter(training: readonly string[]): Map<string, string[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const text of training) {
    const words = wordsOf(text);
    for (let i = 1; i < words.length; i++) {
      const after = counts.get(words[i - 1]) ?? new Map<string, number>();
      after.set(words[i], (after.get(words[i]) ?? 0) + 1);
      counts.set(words[i - 1], after);
    }
  }
  const sorted = (after: Map<string, number>) =>
    [...after].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, FOLLOWERS);
  return new Map([...counts].map(([word, after]) => [word, sorted(after).map(([follower]) => follower)]));
}
