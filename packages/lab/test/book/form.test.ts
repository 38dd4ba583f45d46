/** What every chapter of the book must be, whatever it says: pictures that are there and fresh, panels that run, sources that exist, formulas that can be read. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { markOf, pictureOf, programs } from "../../../../scripts/figures/mark.mjs";
import { chapter, chapterNames, figureNames, folder, pages, surroundings, textOf } from "../../book/chapters.ts";
import { readable, slug } from "../../book/markdown.ts";
import { linkOf, readPanel, seenOf } from "../../book/panel.ts";
import { decodeLink } from "../../src/link/codec.ts";
import { readSeen } from "../../src/link/seen.ts";

const around = surroundings();
const root = new URL("../../../../", import.meta.url).pathname;
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`]*`/g, "");
const imagesOf = (text: string): readonly { readonly alt: string; readonly address: string; readonly title: string }[] =>
  [...withoutCode(text).matchAll(/^!\[([^\]]*)\]\((\S+?)(?: "([^"]*)")?\)$/gm)].map(([, alt, address, title = ""]) => ({
    alt: alt!,
    address: address!,
    title,
  }));
const all = [...chapterNames(), "index"];

describe.each(all)("%s", (name) => {
  const text = textOf(name);
  test("is typeset whole: formulas, sources, panels", () => {
    const made = chapter(name, around);
    expect(made.title.length).toBeGreaterThan(3);
    expect(made.summary.length).toBeGreaterThan(40);
    // what Markdown did not understand would show
    const words = made.html.replace(/<(pre|math|code)[\s\S]*?<\/\1>/g, "").replace(/<[^>]+>/g, "");
    expect(words).not.toMatch(/\$|\\[a-z]|<!--|!\[|\]\(/);
  });
  test("its formulas are safe on GitHub, which reads \\, \\; \\! \\{ as Markdown first", () => {
    const formulas = [...withoutCode(text).matchAll(/\$\$[\s\S]*?\$\$|\$[^$\n]+\$/g)].map(([formula]) => formula);
    expect(formulas.filter((formula) => /\\[,;:!{}|]/.test(formula))).toEqual([]);
  });
  test("every image stands by itself, says in words what it shows, and is there", () => {
    const images = imagesOf(text);
    expect(images.length).toBe([...withoutCode(text).matchAll(/!\[/g)].length);
    for (const { alt, address } of images) {
      expect(alt.length, address).toBeGreaterThan(25);
      expect(existsSync(`${folder}${address}`), address).toBe(true);
    }
  });
  test("every panel can be opened: by the page and by a link of the lab", async () => {
    for (const { title } of imagesOf(text)) {
      const panel = readPanel(title);
      if (panel.kind === "still") continue;
      const { link } = around.panelOf(panel);
      const { spec, view = {} } = await decodeLink(link);
      expect(spec).toHaveProperty("title");
      expect(readSeen(view)).toEqual(seenOf(panel));
    }
  });
  test("its links lead somewhere", () => {
    for (const [, href] of withoutCode(readable(text)).matchAll(/(?<!!)\]\(([^)\s]+)\)/g)) {
      if (/^https:/.test(href!)) continue;
      const [path, section] = href!.split("#");
      expect(path === "" || existsSync(`${folder}${path}`), href).toBe(true);
      if (section === undefined) continue;
      const there = path === "" ? text : readFileSync(`${folder}${path}`, "utf8");
      const ids = [...there.matchAll(/^#+ (.*)$/gm)].map(([, words]) => slug(words!));
      expect(ids, href).toContain(section);
    }
  });
  test.skipIf(name === "index")("has a test of what it claims, and its way to the next chapter on GitHub", () => {
    expect(existsSync(`${root}packages/ottoflow/test/book/${name}.test.ts`)).toBe(true);
    const names = chapterNames();
    const i = names.indexOf(name);
    const way = /<!-- nav -->\n\n(.*)\n*$/.exec(text)?.[1] ?? "";
    expect([...way.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to)).toEqual(
      [names[i - 1], "README", names[i + 1]].filter((to) => to !== undefined).map((to) => `${to}.md`),
    );
  });
});

test("the contents name every chapter", () => {
  for (const name of chapterNames()) expect(textOf("index")).toContain(`](${name}.md)`);
});
describe.each(programs())("picture %s", (name) => {
  test("was made by its program as it stands, says what it shows, and knows light and dark", async () => {
    const { specs = [] } = (await import(`../../../../scripts/figures/${name}.mjs`)) as { specs?: string[] };
    const svg = pictureOf(name) ?? "";
    expect(svg.slice(0, 200)).toContain(markOf(name, specs));
    expect(svg).toMatch(/<title[^>]*>[^<]{4,}<\/title>/);
    expect(svg).toMatch(/<desc[^>]*>[^<]{40,}<\/desc>/);
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).not.toMatch(/NaN|undefined|<script|href="http/);
    expect(svg.length).toBeLessThan(400_000);
  });
});
test("every picture has a program and a place in a chapter", () => {
  expect(figureNames().map((file) => file.replace(/\.svg$/, ""))).toEqual(programs());
  const used = all.flatMap((name) => imagesOf(textOf(name)).map(({ address }) => address));
  expect(programs().filter((name) => !used.includes(`figures/${name}.svg`))).toEqual([]);
});
test("a page carries no script of its own, and its headings come in order", () => {
  for (const [name, html] of pages("../assets/book.js")) {
    for (const [, inside] of html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) expect(inside).toBe("");
    expect(html).not.toMatch(/ on[a-z]+="|javascript:/);
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0], name).toBe(1);
    for (let i = 1; i < levels.length; i++) expect(levels[i]! - levels[i - 1]!, name).toBeLessThanOrEqual(1);
    for (const [, head] of html.matchAll(/<th[^>]*>([\s\S]*?)<\/th>/g)) expect(head!.replace(/<[^>]*>/g, "").trim(), name).not.toBe("");
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) if (!/^1\./.test(id!)) expect(ids, name).toContain(id);
  }
});
describe("what the title of an image says", () => {
  test.each([
    ["", { kind: "still", caption: "" }],
    ["A caption", { kind: "still", caption: "A caption" }],
    ["tool: parting", { kind: "tool", tool: "parting" }],
    ["live: heat-gaussian", { kind: "live", flow: "heat-gaussian", view: [], controls: "time" }],
    [
      "live: paths/wfr-geodesic variant=m_=_2 beside=b view=fan,-trails controls=law,time",
      { kind: "live", flow: "paths/wfr-geodesic", variant: "m = 2", beside: "b", view: ["fan", "-trails"], controls: "law time" },
    ],
  ])("%s", (title, panel) => expect(readPanel(title)).toEqual(panel));
  test.each(["live: heat gaussian", "live:", "live: a view=bogus", "tool: two words"])("%s is refused", (title) => expect(() => readPanel(title)).toThrow());
  test("its link is one of the lab", async () => {
    const panel = { kind: "live", flow: "a", beside: "b", view: ["step", "fan"], controls: "" } as const;
    expect(await decodeLink(linkOf({ title: "x" }, panel))).toEqual({
      spec: { title: "x" },
      view: { beside: { variant: "b" }, marks: { fan: true }, scope: { tau: 0, iterate: -1 } },
    });
  });
});
