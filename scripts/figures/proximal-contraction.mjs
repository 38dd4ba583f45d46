// W2 between two measures after one JKO step of the entropy over W2 before, for pairs of Gaussians on the line and in the plane.
import { gaussianW2 } from "ottoflow/measure/bures";
import { distanceOnLine } from "ottoflow/measure/distance";
import { figure, flowOf, seriesColour } from "./kit.mjs";

const step = (space, proximal, initial, tau) =>
  flowOf({ energy: ["entropy"], space: { kind: "free", dimension: space }, initial, scheme: { kind: "jko", proximal, step: tau }, until: tau });

/** Widths on the line: 1 against s. */
async function onLine(s, tau) {
  const proximal = { kind: "quantile", levels: 400 };
  const [a, b] = [await step(1, proximal, { kind: "gaussian", deviation: [1] }, tau), await step(1, proximal, { kind: "gaussian", deviation: [s] }, tau)];
  const between = (k) => distanceOnLine(2, a.frames.at(k).measure, b.frames.at(k).measure).value;
  return between(-1) / between(0);
}
/** Two equal ellipses in the plane, one turned. */
async function inPlane(angle, tau) {
  const turned = (q) => {
    const [c, s] = [Math.cos(q), Math.sin(q)];
    const [u, v] = [1, 0.04];
    return [
      [c * c * u + s * s * v, c * s * (u - v)],
      [c * s * (u - v), s * s * u + c * c * v],
    ];
  };
  const law = (q) => ({ kind: "gaussian", mean: [0, 0], covariance: turned(q) });
  const [a, b] = [await step(2, "gaussian", law(0), tau), await step(2, "gaussian", law(angle), tau)];
  const between = (k) => gaussianW2(2, a.frames.at(k).measure.mean, a.frames.at(k).measure.cov, b.frames.at(k).measure.mean, b.frames.at(k).measure.cov);
  return between(-1) / between(0);
}

export async function draw() {
  const taus = Array.from({ length: 11 }, (_, k) => 10 ** (-3 + 0.4 * k));
  const curves = [];
  for (const [label, at] of [
    ["line, widths 1 and 0.2", (tau) => onLine(0.2, tau)],
    ["line, widths 1 and 3", (tau) => onLine(3, tau)],
    ["plane, turned by 15°", (tau) => inPlane(Math.PI / 12, tau)],
    ["plane, turned by 45°", (tau) => inPlane(Math.PI / 4, tau)],
  ]) {
    const y = [];
    for (const tau of taus) y.push(await at(tau));
    curves.push({ label, x: taus, y, colour: seriesColour(curves.length) });
  }
  return figure({
    title: "What one step does to a distance",
    description: `W2 of two measures after one JKO step over W2 before, against the step on a logarithmic axis, for two pairs on the line and two in the plane. All ratios are below one; at the longest step they are ${curves.map((c) => c.y.at(-1).toPrecision(2)).join(", ")}.`,
    panels: [
      {
        height: 290,
        x: { label: "step τ", log: true, range: { lo: 1e-3, hi: 10 } },
        y: { label: "W₂ after over before", range: { lo: 0, hi: 1.04 } },
        series: curves,
      },
    ],
  });
}
