/**
 * The page's style sheet. Colours after Okabe and Ito, "Color universal design" (https://jfly.uni-koeln.de/color/)
 * and cividis (Nunez et al. 2018, https://doi.org/10.1371/journal.pone.0199239): distinguished by colour-blind
 * readers, in both schemes. Whatever colour says is also said by place, dash or words.
 */

const LIGHT = `
  --page: #fcfcfa; --card: #ffffff; --ink: #1b1e23; --soft: #5b626c; --faint: #e4e5e1; --rule: #9aa0a8;
  --descent: #0072b2; --teacher: #c4500a; --control: #7b828c; --accent-wash: #0072b21a;
  --yoked: #a3648c; --random: #00805e; --frozen: #3c96c8; --sham: #7b828c; --scrambled: #9a7b00;
  --good: #0b6e4f; --even: #8a6100; --bad: #a8320c;
  --k0: #30457d; --k1: #475a76; --k2: #5c6b72; --k3: #75796f; --k4: #8d8768; --k5: #a5955c; --k6: #bb9d3f; --k7: #cf9b00;`;

const DARK = `
  --page: #14161a; --card: #1a1d22; --ink: #e9eaec; --soft: #a4abb6; --faint: #2c3038; --rule: #626a76;
  --descent: #56b4e9; --teacher: #f0914a; --control: #949ca8; --accent-wash: #56b4e924;
  --yoked: #d49bbf; --random: #3fbf97; --frozen: #8fb8ff; --sham: #949ca8; --scrambled: #cdb04a;
  --good: #4fc79c; --even: #dcae4c; --bad: #f08a66;
  --k0: #6f8fe0; --k1: #7c93bb; --k2: #8a99a5; --k3: #9aa199; --k4: #aead8c; --k5: #c5bb7c; --k6: #dcca63; --k7: #fbdd3f;`;

const NAMED = ["descent", "teacher", "control", "yoked", "random", "frozen", "sham", "scrambled"];

/** The colours, for light and dark. */
export const PALETTE_STYLE = `:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { ${LIGHT} } }`;

/** The colours in light alone, for a figure on its own. */
export const LIGHT_STYLE = `:root { ${LIGHT} }`;

/** What the marks of figures look like. */
export const FIGURE_STYLE = `
svg { font-size: 13px; }
svg text { fill: var(--ink); }
svg .tick { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .label { fill: var(--ink); font-size: 13px; } svg .heading { fill: var(--soft); font-weight: 600; font-size: 12.5px; }
svg .strip { font-weight: 600; fill: var(--c, var(--ink)); }
svg .class { font-weight: 700; font-size: 14px; }
svg .halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
.grid { stroke: var(--faint); stroke-width: 1; } .axis { stroke: var(--rule); stroke-width: 1; }
.reference { stroke: var(--rule); stroke-width: 1; stroke-dasharray: 2 3; }
.line { fill: none; stroke: var(--c, var(--ink)); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.thin { stroke-width: 1.2; opacity: .75; } .line.truth { stroke: var(--rule); stroke-width: 3; opacity: .45; }
.line.hair { stroke-width: .8; opacity: .5; }
.band { fill: var(--c, var(--ink)); opacity: .15; stroke: none; }
.against { fill: var(--accent-wash); }
.interval { stroke: var(--c, var(--control)); stroke-width: 3; stroke-linecap: round; opacity: .55; }
.dot { fill: var(--c, var(--control)); } .dot.hollow { fill: var(--page); stroke: var(--c, var(--control)); stroke-width: 2; }
.zero { stroke: var(--ink); stroke-width: 1; } .fill { fill: var(--c, var(--control)); }
.seed { stroke: var(--c, var(--control)); stroke-width: 1; opacity: .3; }
.spike { stroke: var(--ink); stroke-width: 1; fill: none; opacity: .8; } .spike.good { stroke: var(--good); opacity: 1; } .spike.hit { stroke: var(--teacher); stroke-width: 1.8; opacity: 1; }
.pulse { stroke: var(--descent); stroke-width: 3; fill: none; } .target { fill: var(--teacher); opacity: .13; }
.field { fill: none; stroke: var(--faint); } .up { fill: var(--teacher); } .down { fill: var(--descent); }
${NAMED.map((name) => `.${name} { --c: var(--${name}); }`).join(" ")}
${Array.from({ length: 8 }, (_, k) => `.k${k} { --c: var(--k${k}); fill: var(--k${k}); }`).join(" ")}
`;

export const STYLE = `
${PALETTE_STYLE}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 17px/1.55 Charter, "Bitstream Charter", "Iowan Old Style", "Sitka Text", Cambria, Georgia, serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 96px; }
.kicker, figcaption, table, nav, .checks, .checks-of, .facts, svg, details { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.kicker { font-size: 14px; color: var(--soft); margin: 0 0 14px; }
h1 { font-size: clamp(26px, 3.6vw, 36px); line-height: 1.16; letter-spacing: -0.012em; font-weight: 600; margin: 0 0 18px; max-width: 24em; text-wrap: balance; }
h2 { font-size: 23px; line-height: 1.25; font-weight: 600; margin: 0 0 6px; }
h2.part { font-size: clamp(24px, 3.4vw, 32px); }
section { margin-top: 56px; }
section.part { margin-top: 88px; padding-top: 48px; border-top: 1px solid var(--rule); }
p { margin: 0 0 12px; max-width: 41em; }
.lede { font-size: 18px; color: var(--ink); max-width: 52em; }
.soft { color: var(--soft); }
.checks-of { font-size: 14px; color: var(--soft); margin: 18px 0 6px; }
.checks small { color: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
.checks { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; font-size: 14px; }
.checks li { border: 1px solid var(--faint); border-radius: 99px; padding: 3px 12px 3px 9px; background: var(--card); }
.checks b { font-weight: 600; margin-right: 5px; }
.beaten b { color: var(--good); } .open b { color: var(--even); } .better b, .missing b { color: var(--bad); }
.unjudged b { color: var(--soft); }
.demonstration { margin-top: 28px; font-size: 15px; border-left: 3px solid var(--even); padding-left: 18px; color: var(--soft); } .demonstration b { color: var(--ink); }
.verdict { margin-top: 40px; }
.caveats { margin: 22px 0 0; padding: 0 0 0 18px; border-left: 3px solid var(--even); list-style: none; max-width: 44em; }
.caveats li { margin: 3px 0; }
nav { margin-top: 24px; font-size: 14px; }
a { color: var(--descent); text-underline-offset: 3px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 36px 44px; margin-top: 22px; align-items: start; }
@media (min-width: 1000px) { .scores { grid-template-columns: 430px 1fr; gap: 36px; } }
.four { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 230px), 1fr)); gap: 20px 28px; margin-top: 22px; }
.three { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 28px 36px; margin-top: 22px; }
figure { margin: 0; min-width: 0; }
figure > svg, .narrow svg, .wide svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption { font-size: 14px; line-height: 1.45; color: var(--soft); margin-top: 8px; max-width: 44em; }
figcaption b { color: var(--ink); font-weight: 600; }
.narrow { display: none; }
@media (max-width: 720px) { .narrow { display: block; } .wide { display: none; } main { padding: 32px 18px 64px; } body { font-size: 16px; } .lede { font-size: 17px; } section { margin-top: 44px; } }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; width: 100%; line-height: 1.35; }
th, td { text-align: left; padding: 5.5px 14px 5.5px 0; border-bottom: 1px solid var(--faint); vertical-align: baseline; white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
.pair th, .pair td { padding-right: 10px; } .pair th:last-child, .pair td:last-child { padding-right: 0; }
thead th { vertical-align: bottom; }
.wraps td, .wraps th { white-space: normal; }
tbody th { color: var(--ink); font-weight: 400; }
tr.ours th, tr.ours td { font-weight: 600; }
td small, th small { color: var(--soft); font-size: 12px; font-weight: 400; }
tr.group th { color: var(--soft); font-weight: 600; padding-top: 16px; }
.why { white-space: normal; color: var(--soft); min-width: 15em; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; font-size: 14px; margin: 12px 0 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; }
details { font-size: 14px; margin-top: 16px; } summary { cursor: pointer; color: var(--soft); }
footer { margin-top: 72px; font-size: 14px; color: var(--soft); }

${FIGURE_STYLE}`;

/** Dashes, so that lines can be distinguished without colour. */
export const DASHES: Readonly<Record<string, string>> = {
  teacher: "7 3",
  hand: "6 2",
  "signed-hand": "10 3 3 3",
  always: "3 3",
  yoked: "2 4",
  random: "9 4 2 4",
  frozen: "5 5",
  sham: "1 4",
  scrambled: "12 5",
};

/** The class that carries the colour of an arm or baseline. */
export function colourClass(name: string): string {
  return NAMED.includes(name) ? name : "control";
}
