/** A chapter from Markdown to HTML: formulas, sources, live panels, links that lead somewhere in the built book. */
import Markdown, { type MarkdownIt, type Token } from "markdown-it";
import { escapeHtml } from "./html.ts";
import { math } from "./math.ts";
import { type Live, readPanel, type ToolPanel } from "./panel.ts";

/** What a chapter is told of the world. */
export interface Surroundings {
  /** how a source is named in the text, "Jordan et al. 1998"; null where there is none of that key */
  readonly cite: (key: string) => string | null;
  /** title of a card or tool, and the hash that opens it in the lab. @throws where there is none */
  readonly panelOf: (panel: Live | ToolPanel) => { readonly title: string; readonly link: string };
  /** size of a picture by its address in the chapter */
  readonly sizeOf: (address: string) => { readonly width: number; readonly height: number };
}
export interface Section {
  readonly id: string;
  readonly title: string;
}
export interface Rendered {
  readonly title: string;
  /** first paragraph, without marks */
  readonly summary: string;
  readonly sections: readonly Section[];
  readonly html: string;
  /** keys in the order of their first mention */
  readonly cited: readonly string[];
}

/** As GitHub makes them, so that links to sections work there and here. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

/** The text that is read: without comments, and without the line of navigation, which is for GitHub. Blocks of code stay as they are. */
export function readable(text: string): string {
  const parts = text.split(/(^```[\s\S]*?^```$)/m);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replace(/^<!-- nav -->\n+.*$/gm, "").replace(/<!--[\s\S]*?-->/g, ""))).join("");
}

/** Where a link of a chapter leads in the built book; null for files that are not built. */
export function built(href: string, around: Surroundings): string | null {
  if (/^(?:https?:|mailto:|#)/.test(href)) return href;
  const chapter = /^(?:\.\/)?(\d\d-[\w-]+|README)\.md(#.*)?$/.exec(href);
  if (chapter) return `${chapter[1] === "README" ? "index" : chapter[1]}.html${chapter[2] ?? ""}`;
  const spec = /^\.\.\/\.\.\/specs\/((?:paths\/)?[\w-]+)\.json$/.exec(href);
  return spec ? `../${around.panelOf({ kind: "live", flow: spec[1], view: [], controls: "" }).link}` : null;
}

export function render(text: string, around: Surroundings): Rendered {
  const cited: string[] = [];
  const md = new Markdown({ html: false, typographer: false });
  md.use(math);
  md.use(sources, around, cited);
  const tokens = md.parse(readable(text), {});
  const sections = headings(tokens);
  const title = tokens.find((_, i) => tokens[i - 1]?.type === "heading_open" && tokens[i - 1].tag === "h1")?.content ?? "";
  const first = tokens.findIndex((token) => token.type === "paragraph_open");
  const summary = first < 0 ? "" : plain(tokens[first + 1]);
  for (const token of tokens) if (token.type === "inline") token.children = links(token.children ?? [], around);
  const html = md.renderer.render(pictures(traps(tokens, md), md, around), md.options, {});
  return { title, summary, sections, html: tables(html), cited };
}
const plain = (token: Token): string =>
  (token.children ?? [])
    .map((child) => (child.type === "softbreak" ? " " : child.type === "text" || child.type === "math" || child.type === "code_inline" ? child.content : ""))
    .join("");

/** [jko1998], [ags2008, chapter 11] */
function sources(md: MarkdownIt, around: Surroundings, cited: string[]): void {
  md.inline.ruler.before("link", "source", (state, silent) => {
    const found = /^\[([a-z][a-z-]*(?:1[89]|20)\d\d[a-z]*)((?:, [^\]]+)?)\](?!\()/.exec(state.src.slice(state.pos, state.pos + 200));
    if (!found) return false;
    const name = around.cite(found[1]);
    if (name === null) throw new Error(`There is no source ${found[1]} in references.bib.`);
    if (!silent) {
      if (!cited.includes(found[1])) cited.push(found[1]);
      const token = state.push("source", "a", 0);
      token.content = found[1];
      token.info = `${name}${found[2]}`;
    }
    state.pos += found[0].length;
    return true;
  });
  md.renderer.rules.source = (tokens, i) => `<a class="source" href="#ref-${tokens[i].content}">[${escapeHtml(tokens[i].info)}]</a>`;
}

/** Gives every heading its id. */
function headings(tokens: readonly Token[]): Section[] {
  const sections: Section[] = [];
  const taken = new Set<string>();
  tokens.forEach((token, i) => {
    if (token.type !== "heading_open") return;
    const title = plain(tokens[i + 1]);
    let id = slug(tokens[i + 1].content);
    while (taken.has(id)) id += "-1";
    taken.add(id);
    token.attrSet("id", id);
    if (token.tag === "h2") sections.push({ id, title });
  });
  return sections;
}

/** Links to what is not built become words. */
function links(children: Token[], around: Surroundings): Token[] {
  let dropped = 0;
  return children.filter((token) => {
    if (token.type === "link_open") {
      const href = built(String(token.attrGet("href")), around);
      if (href === null) {
        dropped++;
        return false;
      }
      token.attrSet("href", href);
    }
    if (token.type === "link_close" && dropped > 0) {
      dropped--;
      return false;
    }
    return true;
  });
}

/** Sections of traps are set apart. */
function traps(tokens: readonly Token[], md: MarkdownIt): Token[] {
  const out: Token[] = [];
  const { Token: Made } = new md.core.State("", md, {});
  const raw = (content: string): Token => Object.assign(new Made("html_block", "", 0), { content });
  let open = "";
  tokens.forEach((token, i) => {
    if (token.type === "heading_open") {
      if (open !== "" && token.tag <= open) {
        out.push(raw("</section>\n"));
        open = "";
      }
      if (open === "" && tokens[i + 1].content.startsWith("Trap:")) {
        open = token.tag;
        out.push(raw(`<section class="trap" aria-labelledby="${token.attrGet("id")}">\n`));
      }
    }
    out.push(token);
  });
  if (open !== "") out.push(raw("</section>\n"));
  return out;
}

/** An image that is a paragraph of its own is a figure. */
function pictures(tokens: readonly Token[], md: MarkdownIt, around: Surroundings): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const image = tokens[i].type === "paragraph_open" && tokens[i + 1].children?.length === 1 ? tokens[i + 1].children![0] : null;
    if (image?.type !== "image") {
      out.push(tokens[i]);
      continue;
    }
    const block = Object.assign(tokens[i], { type: "html_block", tag: "", nesting: 0 as const });
    block.content = figure(String(image.attrGet("src")), image.content, String(image.attrGet("title") ?? ""), md, around);
    out.push(block);
    i += 2;
  }
  return out;
}
function figure(address: string, alt: string, title: string, md: MarkdownIt, around: Surroundings): string {
  const panel = readPanel(title);
  const { width, height } = around.sizeOf(address);
  const picture = `<img src="${escapeHtml(address)}" alt="${escapeHtml(alt)}" width="${width}" height="${height}" loading="lazy" />`;
  if (panel.kind === "still") return `<figure>${picture}${panel.caption ? `<figcaption>${md.renderInline(panel.caption)}</figcaption>` : ""}</figure>\n`;
  const { title: words, link } = around.panelOf(panel);
  const attributes = { link, controls: panel.kind === "live" ? panel.controls : "none", start: "visible", title: words };
  const tall = panel.kind === "live" && (panel.beside !== undefined || panel.view.includes("step"));
  const written = Object.entries({ ...attributes, ...(tall && { class: "tall" }) }).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return `<figure class="live"><ottoflow-flow${written.join("")}>${picture}</ottoflow-flow><figcaption>${escapeHtml(words)}. <a href="../${link}">Open in the lab</a></figcaption></figure>\n`;
}

/** Tables and code may be wider than a telephone: what is `wide` scrolls by itself, and the script of the page lets keys reach it where it does. */
const tables = (html: string): string =>
  html
    .replaceAll("<table>", '<div class="wide" data-name="Table"><table>')
    .replaceAll("</table>", "</table></div>")
    .replace(/<th([^>]*)><\/th>/g, "<td$1></td>")
    .replaceAll("<pre>", '<pre class="wide" data-name="Code">');
