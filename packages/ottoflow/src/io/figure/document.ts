import type { Figure } from "./chart.ts";
import { figureStyle } from "./colour.ts";
import { element, escapeXml } from "./svg.ts";

const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The figure as an element of a page; the page carries `figureStyle()` once and gives ink by `color`. */
export function inlineSvg(figure: Figure, id: string): string {
  return element("svg", { ...frame(figure, id), class: "figure" }, ...words(figure, id), figure.body);
}

/** The figure as a file of its own: ground, ink and dark sheet included. */
export function svgDocument(figure: Figure): string {
  const sheet = `${figureStyle()}@media (prefers-color-scheme:dark){svg{color:#e6e8eb}}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", ...frame(figure, figure.name), width: figure.width, height: figure.height, color: "#1f2328" },
    ...words(figure, figure.name),
    element("style", {}, sheet),
    element("rect", { class: "paper", color: "#ffffff", width: figure.width, height: figure.height, fill: "currentColor" }),
    figure.body,
  )}\n`;
}

function frame(figure: Figure, id: string): Record<string, string | number> {
  return {
    viewBox: `0 0 ${figure.width} ${figure.height}`,
    role: "img",
    "aria-labelledby": `${id}-title ${id}-description`,
    "font-family": font,
    "font-size": 12,
  };
}
function words(figure: Figure, id: string): string[] {
  return [element("title", { id: `${id}-title` }, escapeXml(figure.title)), element("desc", { id: `${id}-description` }, escapeXml(figure.description))];
}
