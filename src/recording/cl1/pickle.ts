/**
 * Python's pickle protocol 0, which is text, of plain data only: dictionaries, lists, text, numbers, booleans, None.
 * The CL API keeps dictionaries so in HDF5 attributes. Opcodes that would import or call anything are refused.
 * https://docs.python.org/3/library/pickletools.html
 */
import { RecordingError } from "../contract.ts";

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };
export type PlainDict = { readonly [name: string]: Plain };

/** A dictionary as Python would pickle it; ASCII only. Whole numbers become int, others float. */
export function pickleDict(dict: PlainDict): string {
  let memo = 0;
  const put = () => `p${memo++}\n`;
  const write = (value: Plain): string => {
    if (value === null) return "N";
    if (typeof value === "boolean") return value ? "I01\n" : "I00\n";
    if (typeof value === "number") return Number.isSafeInteger(value) ? integer(value) : `F${real(value)}\n`;
    if (typeof value === "string") return `V${escapeText(value)}\n${put()}`;
    if (isList(value)) return `(l${put()}${value.map((item) => `${write(item)}a`).join("")}`;
    return `(d${put()}${Object.entries(value)
      .map(([name, item]) => `${write(name)}${write(item)}s`)
      .join("")}`;
  };
  return `${write(dict)}.`;
}

/** An int beyond 32 bits is a `long` to Python 2's readers. */
function integer(value: number): string {
  return Math.abs(value) < 2 ** 31 ? `I${value}\n` : `L${value}L\n`;
}

function real(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

/** Python's raw-unicode-escape, and everything beyond printable ASCII escaped too. */
function escapeText(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0)!;
      if (code >= 0x20 && code < 0x7f && character !== "\\") return character;
      return code > 0xffff
        ? `\\U${code.toString(16).padStart(8, "0")}`
        : `\\u${code.toString(16).padStart(4, "0")}`;
    })
    .join("");
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

const MARK = Symbol("mark");
type Slot = Plain | typeof MARK;

/** Plain data from a protocol 0 pickle; throws `RecordingError` at anything else. */
export function unpickle(text: string): Plain {
  const stack: Slot[] = [];
  const memo = new Map<string, Plain>();
  let at = 0;
  const refuse = (why: string) =>
    new RecordingError(`pickle: expected plain data in protocol 0, got ${why} at character ${at}`);
  const line = () => {
    const end = text.indexOf("\n", at);
    if (end < 0) throw refuse("an end of text");
    const value = text.slice(at, end);
    at = end + 1;
    return value;
  };
  const top = (): Plain => {
    const value = stack.at(-1);
    if (value === undefined || value === MARK) throw refuse("no value");
    return value;
  };
  const pop = () => {
    const value = top();
    stack.pop();
    return value;
  };
  const sinceMark = () => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw refuse("no mark");
    return stack.splice(mark).slice(1) as Plain[];
  };
  const number = (value: string) => {
    const parsed = Number(value.replace(/^(-?)inf$/, "$1Infinity"));
    if (value.trim() === "" || (Number.isNaN(parsed) && value !== "nan")) throw refuse(`"${value}"`);
    return parsed;
  };
  const actions: Readonly<Record<string, () => void>> = {
    "(": () => stack.push(MARK),
    N: () => stack.push(null),
    V: () => stack.push(unescapeText(line())),
    S: () => stack.push(line().replace(/^(['"])(.*)\1$/, "$2")),
    F: () => stack.push(number(line())),
    L: () => stack.push(number(line().replace(/L$/, ""))),
    I: () => {
      const value = line();
      stack.push(value === "01" ? true : value === "00" ? false : number(value));
    },
    p: () => memo.set(line(), top()),
    g: () => {
      const value = memo.get(line());
      if (value === undefined) throw refuse("an unknown reference");
      stack.push(value);
    },
    l: () => stack.push(sinceMark()),
    t: () => stack.push(sinceMark()),
    d: () => {
      const dict: Record<string, Plain> = {};
      const items = sinceMark();
      for (let i = 0; i + 1 < items.length; i += 2) define(dict, String(items[i]), items[i + 1]);
      stack.push(dict);
    },
    a: () => {
      const item = pop();
      const list = top();
      if (!isList(list)) throw refuse("no list to append to");
      (list as Plain[]).push(item);
    },
    s: () => {
      const value = pop();
      const name = pop();
      const dict = top();
      if (typeof dict !== "object" || dict === null || isList(dict)) throw refuse("no dictionary to set in");
      define(dict as Record<string, Plain>, String(name), value);
    },
  };
  for (;;) {
    const opcode = text[at++];
    if (opcode === ".") return pop();
    const act = opcode === undefined ? undefined : actions[opcode];
    if (!act) throw refuse(opcode === undefined ? "an end of text" : `the opcode "${opcode}"`);
    act();
  }
}

/** Sets a name, whatever it is (`__proto__` too), as plain data. */
function define(dict: Record<string, Plain>, name: string, value: Plain): void {
  Object.defineProperty(dict, name, { value, enumerable: true, writable: true, configurable: true });
}

function unescapeText(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short, long) => {
    const code = Number.parseInt(short ?? long, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
