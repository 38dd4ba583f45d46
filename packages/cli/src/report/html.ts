/** HTML as text. What comes from outside passes `text`; what is `Markup` has passed it already. */

import { escapeXml } from "ottoflow/io/figure/svg";
import temml from "temml";

export const text: (value: string) => string = escapeXml;

export function tag(name: string, attributes: Readonly<Record<string, string | undefined>>, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${text(value as string)}"`)
    .join("");
  return `<${name}${written}>${children.join("")}</${name}>`;
}

/** TeX as MathML, which browsers typeset and screen readers read; what cannot be read as TeX is shown as it is. */
export function math(tex: string, display = false): string {
  try {
    return temml.renderToString(tex, { displayMode: display, throwOnError: true, trust: false, maxSize: [20, 20], maxExpand: 200 });
  } catch {
    return tag("code", {}, text(tex));
  }
}

export function section(id: string, title: string, ...body: readonly string[]): string {
  return `<section aria-labelledby="${id}">${tag("h2", { id }, text(title))}${body.join("")}</section>`;
}
