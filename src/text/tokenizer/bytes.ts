/**
 * Bytes as printable characters, as in GPT-2's vocabulary (Radford et al. 2019,
 * https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf): the printable ones of
 * Latin-1 stand for themselves, the other 68 for the characters from U+0100 on, in order. So a blank is "Ġ".
 */

const PRINTABLE: readonly (readonly [number, number])[] = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
];

/** The character of each byte. */
export const CHARACTER_OF_BYTE: readonly string[] = characters();

const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = new Map(
  CHARACTER_OF_BYTE.map((character, byte) => [character, byte]),
);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The UTF-8 bytes of `text`, one character each. */
export function bytesAsCharacters(text: string): string {
  let out = "";
  for (const byte of encoder.encode(text)) out += CHARACTER_OF_BYTE[byte];
  return out;
}

/** The text of such characters; bytes that are no UTF-8 become U+FFFD. */
export function charactersAsText(characters: string): string {
  const bytes = Array.from(characters, (character) => BYTE_OF_CHARACTER.get(character));
  return decoder.decode(Uint8Array.from(bytes.filter((byte) => byte !== undefined)));
}

function characters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(PRINTABLE.some(([from, to]) => byte >= from && byte <= to) ? byte : next++),
  );
}
