import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usualView } from "../stage/view.ts";
import { LinkError } from "./codec.ts";
import { readSeen, type Shown, seenOf } from "./seen.ts";
import { elementOf, frameOf, isLocal } from "./snippets.ts";

const calm: Shown = {
  view: usualView,
  variant: "",
  zoom: null,
  comparison: null,
  other: null,
  opening: null,
  scope: null,
  speed: 1,
  playing: true,
  phase: "running",
  playhead: 0,
  reached: 0,
};
const range = (lo: number, hi: number) => ({ lo, hi });

describe("what a page shows as a link has it", () => {
  test("a page as it opens says nothing", () => expect(seenOf(calm, null)).toEqual({}));
  test("everything that is not as usual, and what is written is read", () => {
    const lab = {
      ...calm,
      view: { ...usualView, fan: true, exact: false },
      variant: "small step",
      zoom: { x: range(-1, 0.5), y: range(0, 1) },
      comparison: { title: "explicit", scheme: { kind: "finite-volume", time: "explicit", step: 0.1 } },
      other: { zoom: { x: range(0, 1), y: range(0, 1) } },
      opening: { start: 0, until: 1 },
      scope: { tau: 0.05, iterate: 3, given: true },
      speed: 2,
      playing: false,
      phase: "ended",
      playhead: 0.3,
      reached: 1,
    };
    const seen = seenOf(lab, { name: "parting", values: { most: 3 } });
    expect(seen).toEqual({
      variant: "small step",
      marks: { fan: true, exact: false },
      zoom: { x: range(-1, 0.5), y: range(0, 1) },
      beside: { title: "explicit", scheme: { kind: "finite-volume", time: "explicit", step: 0.1 } },
      zoomBeside: { x: range(0, 1), y: range(0, 1) },
      at: 0.3,
      speed: 2,
      scope: { tau: 0.05, iterate: 3 },
      tool: { name: "parting", values: { most: 3 } },
    });
    expect(readSeen(JSON.parse(JSON.stringify(seen)))).toEqual(seen);
  });
  test("a playhead at rest is kept, one that ran to the end is not", () => {
    const at = (playhead: number, phase: string, playing = false): unknown =>
      seenOf({ ...calm, opening: { start: 0, until: 1 }, playing, phase, playhead, reached: 1 }, null).at;
    expect([at(0.5, "ended"), at(1, "ended"), at(1, "running"), at(0.5, "ended", true)]).toEqual([0.5, undefined, 1, undefined]);
  });
});

describe("views from strangers", () => {
  test.each([
    [7, /view = 7 when an object/],
    [[], /view = \[\] when an object/],
    [{ look: 1 }, /view\.look, which this version does not know/],
    [JSON.parse('{"__proto__":{"fan":true}}'), /view\.__proto__/],
    [{ variant: {} }, /view\.variant = {} when a text/],
    [{ variant: "x".repeat(300) }, /view\.variant/],
    [{ marks: { fan: 1 } }, /view\.marks\.fan = 1 when true or false/],
    [{ marks: { constructor: true } }, /view\.marks\.constructor/],
    [{ zoom: { x: range(0, 1) } }, /view\.zoom .*x and y/],
    [{ zoom: { x: range(1, 0), y: range(0, 1) } }, /lo below hi/],
    [{ zoom: { x: range(1, 1 + 1e-12), y: range(0, 1) } }, /lo below hi/],
    [{ zoom: { x: { lo: 0, hi: null }, y: range(0, 1) } }, /view\.zoom\.x\.hi = null when a number/],
    [{ zoom: { x: range(-1e308, 1e308), y: range(0, 1) } }, /view\.zoom\.x\.lo/],
    [{ beside: "x" }, /view\.beside/],
    [{ beside: { variant: 3 } }, /view\.beside\.variant/],
    [{ beside: { title: "a" } }, /title and scheme/],
    [{ beside: { title: "a", scheme: 3 } }, /view\.beside\.scheme = 3 when a scheme/],
    [{ at: "soon" }, /view\.at = "soon" when a number/],
    [{ speed: 1e9 }, /view\.speed/],
    [{ scope: { tau: -1, iterate: 0 } }, /view\.scope\.tau/],
    [{ scope: { tau: 1, iterate: 0.5 } }, /view\.scope\.iterate = 0\.5 when a whole number/],
    [{ tool: { name: "parting" } }, /name and values/],
    [{ tool: { name: "parting", values: { most: "many" } } }, /view\.tool\.values\.most/],
    [{ tool: { name: "parting", values: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`a${i}`, 1])) } }, /at most 40 sliders/],
  ])("%j is refused in words", (view, words) => {
    expect(() => readSeen(view)).toThrow(LinkError);
    expect(() => readSeen(view)).toThrow(words as RegExp);
  });
  test("whatever comes, it is read or refused in words", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("variant", "marks", "zoom", "beside", "at", "speed", "scope", "tool"), (value, key) => {
        try {
          readSeen({ [key]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
      }),
    );
  });
});

describe("for other pages", () => {
  const page = "https://host.example/lab/";
  test("a frame and an element around the link, nothing of which ends an attribute early", () => {
    const frame = frameOf(page, "#2.abc", ["law", "time"], 'A "sharp" <title>');
    expect(frame).toContain('src="https://host.example/lab/embed.html?controls=law+time#2.abc"');
    expect(frame).toContain('title="A &quot;sharp&quot; &lt;title&gt;"');
    expect(elementOf(page, "#2.abc", [], "T")).toBe(
      '<script type="module" src="https://host.example/lab/element.js"></script>\n<ottoflow-flow link="#2.abc" controls="none" title="T" style="height: 30rem"></ottoflow-flow>',
    );
  });
  test("addresses of this machine are told apart", () => {
    expect(["http://127.0.0.1:4180/", "http://localhost/x", "file:///x/index.html"].map(isLocal)).toEqual([true, true, true]);
    expect(["https://host.example/", "https://10.example/"].map(isLocal)).toEqual([false, false]);
  });
});
