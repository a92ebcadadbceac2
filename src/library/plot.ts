/**
 * `wetgrad/plot`: the figures of the reports, as SVG in a page that needs no other file: `page(title, figure(linePlot({ ... }), caption))`.
 * Colours are classes: `descent`, `teacher`, `control`, `random`, `sham`, and `k0` to `k7` in an order.
 */
export { figure, section } from "../report/page/markup.ts";
export { page } from "../report/page/page.ts";
export { type DotPlot, type DotRow, dotPlot } from "../report/plot/dots.ts";
export { type HeatMap, heatMap } from "../report/plot/heatmap.ts";
export { type Line, type LinePlot, linePlot } from "../report/plot/lines.ts";
export { escapeText } from "../report/plot/svg.ts";
