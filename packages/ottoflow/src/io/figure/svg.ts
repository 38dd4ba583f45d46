/** SVG as text: the same figure on the command line, in the browser and in a report, with the same bytes. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text made safe for element content and attribute values; control characters that XML forbids become U+FFFD. */
export function escapeXml(value: string): string {
  let safe = "";
  for (const character of value) {
    const code = character.codePointAt(0) as number;
    const forbidden = (code < 0x20 && code !== 9 && code !== 10 && code !== 13) || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
    safe += forbidden ? "\ufffd" : (entities[character] ?? character);
  }
  return safe;
}

/** A coordinate in pixels, two decimals: fine enough to the eye, short, and never "-0". */
export function pixels(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** One element; numbers are written by `pixels`, undefined attributes are left out, children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) open += ` ${key}="${typeof value === "number" ? pixels(value) : escapeXml(value)}"`;
  }
  return children.length === 0 ? `${open}/>` : `${open}>${children.join("")}</${name}>`;
}

/** A line of text in the ink of the figure. */
export function label(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, fill: "currentColor", ...attributes }, escapeXml(content));
}

/** Rough width of a label in pixels: no font is asked, so layouts never depend on the machine. */
export function textWidth(content: string, size: number): number {
  let width = 0;
  for (const character of content) width += "⁰¹²³⁴⁵⁶⁷⁸⁹⁻.,:;il|!' ".includes(character) ? 0.38 : character >= "A" && character <= "Z" ? 0.74 : 0.64;
  return width * size;
}

/** Path through the points; a point that is not finite lifts the pen. `n` points of pixel coordinates. */
export function polyline(n: number, x: (i: number) => number, y: (i: number) => number): string {
  let path = "";
  let down = false;
  for (let i = 0; i < n; i++) {
    const px = x(i);
    const py = y(i);
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      down = false;
      continue;
    }
    path += `${down ? "L" : "M"}${pixels(px)} ${pixels(py)}`;
    down = true;
  }
  return path;
}
