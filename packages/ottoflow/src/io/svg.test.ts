import { describe, expect, test } from "vitest";
import type { Cells, Particles } from "../contract.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { curveOf } from "./figure/curves.ts";
import { svgDocument } from "./figure/document.ts";
import { figuresOf } from "./figure/figures.ts";
import { cumulative } from "./figure/ledger.ts";
import { decade, formatNumber, powerOfTen } from "./figure/number.ts";
import { spread } from "./figure/picture.ts";
import { linearScale, linearTicks, logScale, logTicks, rangeOf } from "./figure/scale.ts";
import { escapeXml } from "./figure/svg.ts";

const box = makeBox({ lower: [-4], upper: [4], cells: [80], periodic: [false] });
const bump = (t: number): Cells => ({
  rep: "cells",
  space: box,
  rho: Float64Array.from({ length: 80 }, (_, i) => Math.exp(-((-3.95 + 0.1 * i) ** 2) / (2 + 4 * t)) / Math.sqrt(Math.PI * (2 + 4 * t))),
});
const t = Float64Array.from({ length: 50 }, (_, i) => i / 49);
const picture = {
  title: 'heat <script>alert("&")</script>',
  times: [0, 0.5, 1],
  frames: [bump(0), bump(0.5), bump(1)],
  trace: {
    t,
    energy: t.map((v) => -0.5 * Math.log(2 * Math.PI * Math.E * (1 + 2 * v))),
    dissipation: t.map((v) => 1 / (1 + 2 * v)),
    "energy:0:entropy": t,
    "energy:1:potential": t,
  },
};

describe("ticks", () => {
  test("are multiples of 1, 2 or 5 times a power of ten, exact in their digits", () => {
    expect(linearTicks(0, 1, 5).map((tick) => tick.label)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    expect(linearTicks(-0.3, 0.3, 3).map((tick) => tick.value)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(0, 3e-7, 3).map((tick) => tick.label)).toEqual(["0", "10⁻⁷", "2×10⁻⁷", "3×10⁻⁷"]);
    expect(linearTicks(0, 2500000, 4).map((tick) => tick.label)).toEqual(["0", "10⁶", "2×10⁶"]);
  });
  test("of a logarithmic axis are powers of ten, with 2 and 5 where it is short", () => {
    expect(logTicks(1e-8, 1, 4).map((tick) => tick.label)).toEqual(["10⁻⁶", "10⁻³", "10⁰"]);
    expect(logTicks(0.5, 12, 6).map((tick) => tick.label)).toEqual(["0.5", "1", "2", "5", "10"]);
  });
  test("exist for every range", () => {
    for (const [lo, hi] of [
      [0, 1e-300],
      [1e300, 2e300],
      [-5, -4.999999],
      [0.1, 0.1000001],
      [-1e-9, 1e9],
    ]) {
      const ticks = linearTicks(lo, hi, 5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length);
    }
  });
});
test("ranges beyond the numbers give axes without ticks, and an end", () => {
  const [up, down, none] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  for (const [lo, hi] of [
    [0, up],
    [down, up],
    [down, 0],
    [none, none],
    [0, none],
    [-1.7e308, 1.7e308], // their difference is infinite
    [1e16, 1e16 + 2], // neighbouring numbers
  ])
    expect(linearTicks(lo, hi, 5)).toEqual([]);
  for (const [lo, hi] of [
    [1, up],
    [none, 1],
    [up, up],
  ])
    expect(logTicks(lo, hi, 5)).toEqual([]);
});
test("ranges are those of the finite values; scales of no length get one", () => {
  expect(rangeOf([[1, Number.POSITIVE_INFINITY, -2], Float64Array.of(Number.NaN)])).toEqual({ lo: -2, hi: 1 });
  expect(rangeOf([[0, -1, 3]], true)).toEqual({ lo: 3, hi: 3 });
  expect(rangeOf([[Number.NaN, Number.NEGATIVE_INFINITY]])).toBeNull();
  for (const value of [0, 5, -1e300]) {
    const scale = linearScale({ lo: value, hi: value }, 0, 100, 5);
    expect(scale.at(value)).toBeCloseTo(50, 6);
    expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
  }
  expect(logScale({ lo: 1, hi: 1 }, 0, 100, 5).at(0)).toBeNaN();
});
test("decade(v): 10^k <= v < 10^(k+1), also at the powers themselves", () => {
  for (let k = -300; k <= 300; k += 7)
    expect([decade(powerOfTen(k)), decade(powerOfTen(k) * 9.99), decade(powerOfTen(k) * (1 - 2e-16))]).toEqual([k, k, k - 1]);
});
test("numbers for people", () => {
  expect([0, -0, 1, 0.25, -1234.5678, 1e-7, -3.25e12, Number.NaN, Number.NEGATIVE_INFINITY, 999999].map((v) => formatNumber(v))).toEqual([
    "0",
    "0",
    "1",
    "0.25",
    "−1235",
    "10⁻⁷",
    "−3.25×10¹²",
    "not a number",
    "−∞",
    "10⁶",
  ]);
});
test("spread keeps first and last", () => expect([spread(3, 5), spread(11, 3), spread(1, 4)]).toEqual([[0, 1, 2], [0, 5, 10], [0]]));
test("cumulative: the trapezoidal rule is exact for a linear rate", () => expect([...cumulative([0, 1, 3], [0, 2, 6])]).toEqual([0, 1, 9]));
test("histogram of particles keeps the mass", () => {
  const m: Particles = { rep: "particles", space: makeFree(1), n: 4, x: Float64Array.of(0, 0.3, 0.9, 1), weight: Float64Array.of(0.1, 0.2, 0.3, 0.4) };
  const curve = curveOf(m, { lo: 0, hi: 1 }, 10)!;
  expect(curve.values.reduce((sum, v) => sum + v * 0.1, 0)).toBeCloseTo(1, 12);
});

describe("figures", () => {
  const figures = figuresOf(picture);
  test("of a run on the line: densities, ledger, parts", () => expect(figures.map((figure) => figure.name)).toEqual(["densities", "ledger", "parts"]));
  test("are well-formed, named, described, and escape what the user wrote", () => {
    for (const figure of figures) {
      const text = svgDocument(figure);
      expect(text).not.toContain("<script");
      expect(text).toMatch(/<title id="[^"]+">[^<]+<\/title><desc/);
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      const open = [...text.matchAll(/<([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>|<\/([a-zA-Z]+)>/g)];
      const stack: string[] = [];
      for (const [, name, closed, end] of open) {
        if (end) expect(stack.pop()).toBe(end);
        else if (!closed) stack.push(name);
      }
      expect(stack).toEqual([]);
    }
  });
  test("are the same bytes again", () => expect(figuresOf(picture).map(svgDocument)).toEqual(figures.map(svgDocument)));
  test("the ledger says where the energy went: its dashed line ends at F(end) for an exact flow, up to the quadrature", () => {
    const spent = cumulative(picture.trace.t, picture.trace.dissipation);
    // trapezoidal rule: h^2 / 12 (f'(1) - f'(0)) with f = 1 / (1 + 2t)
    const bound = ((1 / 49) ** 2 / 12) * (2 - 2 / 9);
    expect(Math.abs(picture.trace.energy[0] - spent[49] - picture.trace.energy[49]) / bound).toBeCloseTo(1, 1);
  });
  test("the exact solution is dashed over the computed one", () => {
    const exact = figuresOf({ ...picture, exact: () => ({ tex: "", dim: 1, mass: 1, density: (n, _x, out) => void out.fill(0.1, 0, n) }) })[0];
    expect(exact.body.match(/stroke-dasharray="4 4"/g)!.length).toBeGreaterThanOrEqual(3);
    expect(figures[0].body).not.toContain("stroke-dasharray");
  });
  test("planes become strips: cells as images, particles as points", () => {
    const plane = makeBox({ lower: [0, 0], upper: [1, 1], cells: [8, 8], periodic: [false, false] });
    const cells: Cells = { rep: "cells", space: plane, rho: Float64Array.from({ length: 64 }, (_, i) => i) };
    expect(figuresOf({ title: "", times: [0], frames: [cells], trace: {} })[0].body).toContain("data:image/png;base64,iVBOR");
    const points: Particles = { rep: "particles", space: makeFree(3), n: 2, x: Float64Array.of(0, 1, 0, 1, 5, 6), weight: Float64Array.of(0.5, 0.5) };
    expect(figuresOf({ title: "", times: [0], frames: [points], trace: {} })[0].description).toContain("projected on x, y");
  });
  test("a start close to a Dirac does not flatten what follows: the axis ends lower, and the caption says so", () => {
    const tall: Cells = { rep: "cells", space: box, rho: Float64Array.from({ length: 80 }, (_, i) => (i === 40 ? 10 : 0)) };
    const figure = figuresOf({ ...picture, frames: [tall, bump(0.5), bump(1)] })[0];
    expect(figure.caption).toMatch(/The axis ends at 0\.\d+; the tallest reaches 10\./);
    expect(figures[0].caption).not.toContain("axis ends");
  });
  test("a run without an energy has no ledger", () => {
    const still = { ...picture, trace: { t, energy: t.map(() => 0), dissipation: t.map(() => 0) } };
    expect(figuresOf(still).map((figure) => figure.name)).toEqual(["densities"]);
  });
  test("odd data draw too: one frame, one point, infinite and missing values", () => {
    const one: Particles = { rep: "particles", space: makeFree(1), n: 1, x: Float64Array.of(2), weight: Float64Array.of(1) };
    const odd = {
      title: "",
      times: [0],
      frames: [one],
      trace: {
        t: Float64Array.of(0, 1, 2),
        energy: Float64Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY),
        dissipation: Float64Array.of(0, 0, Number.POSITIVE_INFINITY),
      },
    };
    for (const figure of figuresOf(odd)) expect(figure.body).not.toMatch(/NaN|Infinity/);
    expect(figuresOf({ title: "", times: [], frames: [], trace: {} })).toEqual([]);
  });
});
test("XML text: markup and forbidden control characters", () => expect(escapeXml("a<b&\"'\u0000\ud800")).toBe("a&lt;b&amp;&quot;&#39;\ufffd\ufffd"));
