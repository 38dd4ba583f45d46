// One JKO step of the entropy, taken apart: where quantiles go, both terms on the way, and the condition that holds at the end.
import { card, density, element, figure, pixels, seriesColour } from "./kit.mjs";

export const specs = ["jko-entropy-quantiles"];

const TAU = 0.5;
const [lo, hi] = [-3.2, 3.2];

export async function draw() {
  const run = await card("jko-entropy-quantiles", { set: { "scheme.step": TAU, until: TAU, "scheme.proximal.levels": 801 }, frames: 1 });
  const [before, after] = [run.frames[0].measure, run.frames.at(-1).measure];
  const shares = Array.from({ length: 61 }, (_, k) => (1.5 * k) / 60);
  const along = shares.map((s) => between(before, after, s));
  const drop = along.map((m) => entropy(m) - entropy(before));
  const cost = along.map((m) => distance2(before, m) / (2 * TAU));
  const [start, end] = [condition(before, before), condition(before, after)];
  return figure({
    title: "One JKO step, taken apart",
    description:
      "Above, the density before the step and the flatter one after it, joined by rays from quantile to quantile. Middle, along the straight way between them the entropy falls, the transport cost rises as a parabola, and their sum is least at the step. Below, phi over tau plus the first variation: a parabola at the start, a constant at the end.",
    panels: [
      {
        title: "where mass goes",
        height: 210,
        x: { label: "x", range: { lo, hi } },
        y: { label: "ρ", range: { lo: 0, hi: 0.45 } },
        series: [density(before, { lo, hi, label: "ρ_k", colour: seriesColour(1) }), density(after, { lo, hi, label: "ρ_(k+1)", colour: seriesColour(0) })],
        draw: (x, y) => rays(before, after, x, y),
      },
      {
        title: "both terms along the way from ρ_k",
        height: 210,
        x: { label: "share of the way to ρ_(k+1)", range: { lo: 0, hi: 1.5 } },
        y: { label: "energy" },
        series: [
          { label: "F − F(ρ_k)", x: shares, y: drop, colour: seriesColour(1) },
          { label: "W₂²/2τ", x: shares, y: cost, colour: seriesColour(0) },
          { label: "sum", x: shares, y: drop.map((v, i) => v + cost[i]), colour: seriesColour(2) },
        ],
        draw: (x, y) => element("circle", { ...seriesColour(2), cx: x.at(1), cy: y.at(drop[40] + cost[40]), r: 4, fill: "currentColor" }),
      },
      {
        title: "φ/τ + δF/δρ, its mean taken off",
        height: 200,
        x: { label: "x", range: { lo, hi } },
        y: { label: "", range: { lo: -3, hi: 1.5 } },
        series: [
          { label: "at ρ_k, where φ = 0", ...start, colour: seriesColour(1) },
          { label: "at ρ_(k+1)", ...end, colour: seriesColour(0) },
        ],
      },
    ],
  });
}
/** The measure at a share of the straight way between two quantile functions at the same levels. */
const between = (a, b, s) => ({ ...a, x: a.x.map((v, i) => v + s * (b.x[i] - v)) });
const masses = ({ level }) => Array.from({ length: level.length - 1 }, (_, i) => level[i + 1] - level[i]);
export const entropy = (m) => masses(m).reduce((s, w, i) => s + w * Math.log(w / (m.x[i + 1] - m.x[i])), 0);
const distance2 = (a, b) =>
  masses(a).reduce((s, w, i) => {
    const [u, v] = [b.x[i] - a.x[i], b.x[i + 1] - a.x[i + 1]];
    return s + (w * (u * u + u * v + v * v)) / 3;
  }, 0);
/** phi/tau + log rho + 1 at the middles of cells, with phi' = x - T(x) and T back to `before`. */
function condition(before, m) {
  const w = masses(m);
  let phi = 0;
  const x = w.map((_, i) => 0.5 * (m.x[i] + m.x[i + 1]));
  const y = w.map((mass, i) => {
    const [u, v, dx] = [m.x[i] - before.x[i], m.x[i + 1] - before.x[i + 1], m.x[i + 1] - m.x[i]];
    const here = phi + dx * (0.375 * u + 0.125 * v);
    phi += 0.5 * dx * (u + v);
    return here / TAU + Math.log(mass / dx) + 1;
  });
  const mean = y.reduce((s, v, i) => s + v * w[i], 0);
  const inside = x.flatMap((v, i) => (v >= lo && v <= hi ? [i] : []));
  return { x: inside.map((i) => x[i]), y: inside.map((i) => y[i] - mean) };
}
function rays(before, after, x, y) {
  let d = "";
  const at = (m, i) => {
    const rho = (m.level[i + 1] - m.level[i]) / (m.x[i + 1] - m.x[i]);
    return `${pixels(x.at(m.x[i]))} ${pixels(y.at(rho))}`;
  };
  for (let q = 1; q < 20; q++) {
    const i = before.level.findIndex((l) => l >= q / 20);
    d += `M${at(before, i)}L${at(after, i)}`;
  }
  return element("path", { d, stroke: "currentColor", "stroke-opacity": "0.45", fill: "none" });
}
