/**
 * Corpus BLEU (Papineni et al. 2002, https://aclanthology.org/P02-1040/): the geometric mean of the clipped precisions of 1- to 4-grams,
 * times exp(1 - r / c) where what was said (c words) is shorter than the references (r). Words as they stand, by blanks, punctuation
 * taken off as words of its own.
 */

/** From 0 to 1. A precision of 0 makes it 0; there is no smoothing. */
export function bleu(said: readonly string[], references: readonly string[], order = 4): number {
  if (said.length !== references.length)
    throw new RangeError(
      `bleu: expected as many references as ${said.length} sentences, got ${references.length}`,
    );
  const hits = new Float64Array(order);
  const all = new Float64Array(order);
  let [saidWords, referenceWords] = [0, 0];
  said.forEach((sentence, i) => {
    const [words, right] = [bleuWords(sentence), bleuWords(references[i])];
    saidWords += words.length;
    referenceWords += right.length;
    for (let n = 1; n <= order; n++) {
      const wanted = grams(right, n);
      for (const [gram, count] of grams(words, n)) {
        hits[n - 1] += Math.min(count, wanted.get(gram) ?? 0);
        all[n - 1] += count;
      }
    }
  });
  let logs = 0;
  for (let n = 0; n < order; n++) logs += Math.log(all[n] === 0 ? 0 : hits[n] / all[n]) / order;
  return Math.exp(logs) * (saidWords >= referenceWords ? 1 : Math.exp(1 - referenceWords / saidWords)) || 0;
}

export function bleuWords(sentence: string): string[] {
  return sentence.match(/[\p{L}\p{N}]+(?:'\p{L}+)*|[^\s\p{L}\p{N}]/gu) ?? [];
}

function grams(words: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= words.length; i++) {
    const gram = words.slice(i, i + n).join(" ");
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
