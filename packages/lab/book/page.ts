/** A page of the built book around a chapter. No script is written into it: it is read whole without any. */
import Markdown from "markdown-it";
import { escapeHtml } from "./html.ts";
import type { Rendered } from "./markdown.ts";
import { lines } from "./references.ts";

export interface Neighbour {
  /** file name without ending */
  readonly name: string;
  readonly title: string;
}
export interface Page {
  readonly name: string;
  readonly chapter: Rendered;
  readonly before: Neighbour | null;
  readonly after: Neighbour | null;
  /** addresses as seen from the page */
  readonly scripts: readonly string[];
  readonly style: string;
}
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 13C5 13 5 3 8 3s3 10 7 10' fill='none' stroke='%230067a5' stroke-width='2'/%3E%3C/svg%3E";

export function pageOf({ name, chapter, before, after, scripts, style }: Page): string {
  const index = name === "index";
  const end = chapter.html.indexOf("</h1>") + "</h1>".length;
  const [head, rest] = [chapter.html.slice(0, end), chapter.html.slice(end)];
  const link = (rel: string, to: Neighbour | null): string => (to ? `<link rel="${rel}" href="${to.name}.html" />\n    ` : "");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escapeHtml(chapter.summary.slice(0, 300))}" />
    <title>${escapeHtml(chapter.title)}${index ? "" : " · Ottoflow"}</title>
    <link rel="icon" href="${icon}" />
    ${link("prev", before)}${link("next", after)}<link rel="stylesheet" href="${style}" />
    ${scripts.map((script) => `<script type="module" src="${script}"></script>`).join("\n    ")}
  </head>
  <body>
    <a class="skip" href="#text">To the text</a>
    <header>
      <nav aria-label="Book">${index ? "" : '<a href="index.html">Contents</a>'}<a href="../">The lab</a></nav>
    </header>
    <main id="text">
      ${head}
      ${index ? "" : contents(chapter)}
      <div class="text">
${rest}${references(chapter.cited)}
      </div>
    </main>
    ${turn(before, after)}
  </body>
</html>
`;
}
function contents({ sections, cited }: Rendered): string {
  const all = [...sections, ...(cited.length > 0 ? [{ id: "references", title: "References" }] : [])];
  return `<nav class="contents" aria-labelledby="contents-title"><p id="contents-title">In this chapter</p><ol>${all
    .map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`)
    .join("")}</ol></nav>`;
}
function references(keys: readonly string[]): string {
  if (keys.length === 0) return "";
  const md = new Markdown({ html: false });
  const rows = lines(keys).map(([key, line]) => `<li id="ref-${key}">${md.renderInline(line)}</li>`);
  return `<section class="references" aria-labelledby="references"><h2 id="references">References</h2><ul>${rows.join("\n")}</ul></section>`;
}
function turn(before: Neighbour | null, after: Neighbour | null): string {
  if (!before && !after) return "";
  const to = (rel: string, words: string, page: Neighbour | null): string =>
    page ? `<a rel="${rel}" href="${page.name}.html"><span>${words}</span> ${escapeHtml(page.title)}</a>` : "<span></span>";
  return `<nav class="turn" aria-label="Chapters">${to("prev", "Before:", before)}${to("next", "Next:", after)}</nav>`;
}
