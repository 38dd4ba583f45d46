/** TeX as MathML. The typesetter is loaded when the first law needs it; what cannot be read is shown as it is. */
const known = new Map<string, string>();

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
