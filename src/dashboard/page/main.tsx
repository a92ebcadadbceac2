/** The dashboard's page. */
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import { FIGURE_STYLE, PALETTE_STYLE } from "../../report/page/style.ts";
import { Shell } from "./shell.tsx";
import "./style/base.css";
import "./style/header.css";
import "./style/cards.css";
import "./style/figures.css";
import "./style/control.css";
import "./style/narrow.css";

// The figures' own style, shared with the reports. As a constructed sheet it needs no exception in the page's policy.
const sheet = new CSSStyleSheet();
sheet.replaceSync(PALETTE_STYLE + FIGURE_STYLE);
document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];

const app = document.getElementById("app");
if (app) render(<Shell />, app);
