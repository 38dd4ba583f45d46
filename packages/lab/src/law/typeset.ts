import index from "virtual:gallery";

/** TeX as MathML. The opening law was typeset when the page was built; the typesetter is loaded when another is needed; what cannot be read is shown as it is. */
const known = new Map<string, string>(Object.entries(index.typeset));

export async function typeset(tex: string): Promise<string> {
  const found = known.get(tex);
  if (found !== undefined) return found;
  const { default: temml } = await import("temml");
  let html: string;
  try {
    html = temml.renderToString(tex, { throwOnError: true, trust: false, maxSize: [20, 20], maxExpand: 200 });
  } catch {
    const escaped = tex.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
    html = `<code>${escaped}</code>`;
  }
  known.set(tex, html);
  return html;
}
