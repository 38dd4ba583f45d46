/** The chapters of docs/book as pages: what is where, and all of it rendered. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { opening, tools } from "../src/gallery/tools.ts";
import { type Rendered, render, type Surroundings } from "./markdown.ts";
import { type Neighbour, pageOf } from "./page.ts";
import { linkOf } from "./panel.ts";
import { citer } from "./references.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const folder: string = `${root}docs/book/`;
const specs = `${root}specs/`;

/** File names of the chapters without ending, in their order. */
export const chapterNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => /^\d\d-[\w-]+\.md$/.test(file))
    .map((file) => file.slice(0, -3))
    .sort();
export const textOf = (name: string): string => readFileSync(`${folder}${name === "index" ? "README" : name}.md`, "utf8").replaceAll("\r\n", "\n");
export const figureNames = (): readonly string[] => readdirSync(`${folder}figures`).filter((file) => file.endsWith(".svg"));
export const figureBytes = (file: string): Uint8Array => readFileSync(`${folder}figures/${file}`);

interface Spec {
  readonly title: string;
  readonly variants?: Readonly<Record<string, unknown>>;
}
function specOf(name: string): Spec | null {
  try {
    return JSON.parse(readFileSync(`${specs}${name}.json`, "utf8")) as Spec;
  } catch {
    return null;
  }
}
export function surroundings(): Surroundings {
  return {
    cite: citer(),
    panelOf(panel) {
      const known = panel.kind === "tool" ? tools.find(({ name }) => name === panel.tool) : null;
      const spec = specOf(panel.kind === "tool" ? opening : panel.flow);
      if (known === undefined || spec === null) throw new Error(`There is no ${panel.kind === "tool" ? `tool ${panel.tool}` : `card ${panel.flow}`}.`);
      for (const variant of panel.kind === "tool" ? [] : [panel.variant, panel.beside])
        if (variant !== undefined && !Object.hasOwn(spec.variants ?? {}, variant)) throw new Error(`"${variant}" is no variant of ${JSON.stringify(panel)}.`);
      return { title: known?.title ?? spec.title, link: linkOf(spec, panel) };
    },
    sizeOf(address) {
      const [, width, height] = /^[\s\S]{0,600}?<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(readFileSync(`${folder}${address}`, "utf8")) ?? [];
      if (!width || !height) throw new Error(`${address} does not say its size.`);
      return { width: Number(width), height: Number(height) };
    },
  };
}
export function chapter(name: string, around: Surroundings = surroundings()): Rendered {
  try {
    return render(textOf(name), around);
  } catch (error) {
    throw new Error(`docs/book/${name}.md: ${(error as Error).message}`, { cause: error });
  }
}

/** Every page by its file name. @param script address of the book's own script, from a page */
export function pages(script: string): ReadonlyMap<string, string> {
  const around = surroundings();
  const names = chapterNames();
  const all = new Map(names.map((name) => [name, chapter(name, around)] as const));
  const neighbour = (i: number): Neighbour | null => (names[i] === undefined ? null : { name: names[i], title: all.get(names[i])!.title });
  const scripts = ["../element.js", script];
  const made = new Map<string, string>();
  for (const [i, name] of names.entries())
    made.set(`${name}.html`, pageOf({ name, chapter: all.get(name)!, before: neighbour(i - 1), after: neighbour(i + 1), scripts, style: "book.css" }));
  made.set("index.html", pageOf({ name: "index", chapter: chapter("index", around), before: null, after: neighbour(0), scripts, style: "book.css" }));
  return made;
}
const temml = (file: string): Uint8Array => readFileSync(createRequire(import.meta.url).resolve(`temml/dist/${file}`));
/** The font of the sheet for formulas: script capitals and primes, which few systems have where MathML wants them. */
export const font = { name: "Temml.woff2", bytes: (): Uint8Array => temml("Temml.woff2") };
/** Tokens of the lab first, so that the book looks like it; then the sheet for formulas. */
export function style(): string {
  const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
  return read("../src/app.css") + Buffer.from(temml("Temml-Local.css")).toString("utf8") + read("./book.css");
}
