/** Formulas in Markdown as GitHub has them: $…$ within a line, $$ … $$ as a block of its own. */
import type { MarkdownIt } from "markdown-it";
import temml from "temml";

/** TeX as MathML. @throws where it cannot be read */
export function typeset(tex: string, display: boolean): string {
  return temml.renderToString(tex, { displayMode: display, throwOnError: true, strict: true, trust: false, maxExpand: 200 });
}
const DOLLAR = 0x24;

export function math(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "math", (state, silent) => {
    const { src, pos, posMax } = state;
    if (src.charCodeAt(pos) !== DOLLAR || /\s|\$/.test(src[pos + 1] ?? " ")) return false;
    let end = pos + 1;
    while (end < posMax && src.charCodeAt(end) !== DOLLAR) end += src[end] === "\\" ? 2 : 1;
    if (end >= posMax || /\s/.test(src[end - 1]) || /\d/.test(src[end + 1] ?? "")) return false;
    if (!silent) state.push("math", "math", 0).content = src.slice(pos + 1, end);
    state.pos = end + 1;
    return true;
  });
  md.block.ruler.before(
    "fence",
    "math-block",
    (state, from, to, silent) => {
      const line = (i: number): string => state.src.slice(state.bMarks[i] + state.tShift[i], state.eMarks[i]).trim();
      if (!line(from).startsWith("$$")) return false;
      const one = /^\$\$(.+)\$\$$/.exec(line(from));
      let end = from;
      if (!one) {
        if (line(from) !== "$$") return false;
        do end++;
        while (end < to && line(end) !== "$$");
        if (end >= to) return false;
      }
      if (silent) return true;
      const token = state.push("math-block", "math", 0);
      token.content = one ? one[1] : state.getLines(from + 1, end, state.blkIndent, false);
      token.map = [from, end + 1];
      state.line = end + 1;
      return true;
    },
    { alt: ["paragraph", "blockquote", "list"] },
  );
  md.renderer.rules.math = (tokens, i) => typeset(tokens[i].content, false);
  md.renderer.rules["math-block"] = (tokens, i) => `<div class="formula wide" data-name="Formula">${typeset(tokens[i].content, true)}</div>\n`;
}
