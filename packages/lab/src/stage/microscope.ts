/** Drawing of one proximal step: where mass goes, what it costs, and the condition that holds at the end. */
import type { StepApart } from "../engine/messages.ts";
import { type At, axes, type Box, type Ink, inside } from "./axes.ts";
import type { Range } from "./scene.ts";

const density = (x: Float64Array, level: Float64Array, mass: number): Float64Array =>
  Float64Array.from({ length: x.length - 1 }, (_, i) => (mass * (level[i + 1]! - level[i]!)) / (x[i + 1]! - x[i]!));
const most = (row: ArrayLike<number>): number => Array.from(row).reduce((s, v) => Math.max(s, v), 0);

/** What one picture shows: iterate `k`, and colours for rho_k and the candidate. */
export interface Look {
  readonly step: StepApart;
  readonly k: number;
  readonly red: string;
  readonly blue: string;
  readonly ink: Ink;
}
/** Levels between which rays are drawn. */
const RAYS = 28;

/** rho_k below, the candidate above, each ray from a quantile to its image; both densities stand on their own line. */
export function drawRays(c: CanvasRenderingContext2D, width: number, height: number, { step, k, red, blue, ink }: Look): void {
  c.clearRect(0, 0, width, height);
  const { before, level, mass, iterates } = step;
  const last = iterates.at(-1)!;
  const now = iterates[k]!;
  const [from, to] = [nodeAt(level, 5e-4), nodeAt(level, 1 - 5e-4)];
  const x = span([before, last.x].map((row) => row.subarray(from, to + 1)));
  const box: Box = { left: 44, top: 22, width: width - 58, height: height - 54 };
  const [r, s] = [density(before, level, mass), density(now.x, level, mass)];
  const top = 1.1 * Math.max(most(r), most(density(last.x, level, mass)));
  const at = axes(c, box, x, { lo: -1.2 * top, hi: top }, { ...ink, line: "transparent" }, true, { x: "x" });
  c.clearRect(0, 0, box.left - 1, height);
  inside(c, box, () => {
    const [high, low] = [at.y(0), at.y(-0.42 * top)];
    const scale = (at.y(0) - at.y(top)) / top;
    c.lineWidth = 1;
    c.globalAlpha = 0.8;
    for (let q = 1; q < RAYS; q++) {
      const i = nodeAt(level, q / RAYS);
      const ray = c.createLinearGradient(0, low, 0, high);
      ray.addColorStop(0, red);
      ray.addColorStop(1, blue);
      c.strokeStyle = ray;
      c.beginPath();
      c.moveTo(at.x(before[i]!), low);
      c.lineTo(at.x(now.x[i]!), high);
      c.stroke();
    }
    c.globalAlpha = 1;
    outline(c, before, r, at, low, -0.75 * scale, red);
    outline(c, now.x, s, at, high, scale, blue);
  });
  caption(c, box, ink, [
    ["candidate", blue],
    ["ρₖ, hanging below", red],
  ]);
}
const nodeAt = (level: Float64Array, u: number): number => {
  const i = level.findIndex((l) => l >= u);
  return i < 0 ? level.length - 1 : i;
};
function outline(c: CanvasRenderingContext2D, x: Float64Array, y: Float64Array, at: At, base: number, scale: number, colour: string): void {
  c.beginPath();
  c.moveTo(at.x(x[0]!), base);
  for (let i = 0; i < y.length; i++) {
    c.lineTo(at.x(x[i]!), base - scale * y[i]!);
    c.lineTo(at.x(x[i + 1]!), base - scale * y[i]!);
  }
  c.lineTo(at.x(x.at(-1)!), base);
  c.strokeStyle = colour;
  c.lineWidth = 2;
  c.stroke();
  c.globalAlpha = 0.15;
  c.fillStyle = colour;
  c.fill();
  c.globalAlpha = 1;
}

/** F, d^2 / 2 tau and their sum along the straight way from rho_k to the minimiser, and the iterate among them. */
export function drawObjective(c: CanvasRenderingContext2D, width: number, height: number, { step, k, red, blue, ink }: Look): void {
  c.clearRect(0, 0, width, height);
  const { share, energy, cost } = step.line;
  const start = energy[0]!;
  const drop = energy.map((v) => v - start);
  const sum = drop.map((v, i) => v + cost[i]!);
  const y = padded([...drop, ...cost, ...sum]);
  const box: Box = { left: 56, top: 22, width: width - 66, height: height - 54 };
  const at = axes(c, box, { lo: 0, hi: 1.25 }, y, ink, true, { x: "share of the way" });
  const line = (row: Float64Array, colour: string, weight: number): void => {
    c.beginPath();
    for (let i = 0; i < share.length; i++) c.lineTo(at.x(share[i]!), at.y(row[i]!));
    c.strokeStyle = colour;
    c.lineWidth = weight;
    c.stroke();
  };
  line(drop, red, 1.6);
  line(cost, blue, 1.6);
  line(sum, ink.ink, 2.4);
  const now = step.iterates[k]!;
  const gone = Math.min(1.25, Math.sqrt(now.cost / step.iterates.at(-1)!.cost || 0));
  c.fillStyle = ink.ink;
  c.beginPath();
  c.arc(at.x(gone), at.y(now.energy - start + now.cost), 5, 0, 2 * Math.PI);
  c.fill();
  caption(c, box, ink, [
    ["F − F(ρₖ)", red],
    ["d²/2τ", blue],
    ["sum", ink.ink],
  ]);
}
/** phi / tau + dF/drho over the bulk of the mass: before the step, and at the iterate. */
export function drawCondition(c: CanvasRenderingContext2D, width: number, height: number, { step, k, red, blue, ink }: Look): void {
  c.clearRect(0, 0, width, height);
  const { iterates, level } = step;
  const [first, now] = [iterates[0]!, iterates[k]!];
  const [from, to] = [nodeAt(level, 0.005), nodeAt(level, 0.995)];
  const bulk = (row: Float64Array): Float64Array => row.subarray(from, to);
  const box: Box = { left: 56, top: 22, width: width - 66, height: height - 54 };
  const at = axes(c, box, span([bulk(first.middle), bulk(now.middle)]), padded([...bulk(first.condition), 0]), ink, true, { x: "x" });
  inside(c, box, () => {
    for (const [it, colour, weight] of [
      [first, red, 1.2],
      [now, blue, 2.4],
    ] as const) {
      c.beginPath();
      for (let i = from; i < to; i++) c.lineTo(at.x(it.middle[i]!), at.y(it.condition[i]!));
      c.strokeStyle = colour;
      c.lineWidth = weight;
      c.stroke();
    }
  });
  caption(c, box, ink, [
    ["φ/τ + δF/δρ", blue],
    ["at ρₖ", red],
  ]);
}
function caption(c: CanvasRenderingContext2D, box: Box, ink: Ink, words: readonly (readonly [string, string])[]): void {
  c.font = "12px system-ui, sans-serif";
  c.textBaseline = "middle";
  c.textAlign = "left";
  let x = box.left - 40;
  for (const [word, colour] of words) {
    c.fillStyle = colour;
    c.fillRect(x, 8, 12, 3);
    c.fillStyle = ink.soft;
    c.fillText(word, x + 16, 10);
    x += 28 + c.measureText(word).width;
  }
}
function span(rows: readonly Float64Array[]): Range {
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows)
    for (const v of row) {
      lo = Math.min(lo, v);
      hi = Math.max(hi, v);
    }
  const margin = 0.03 * (hi - lo);
  return { lo: lo - margin, hi: hi + margin };
}
function padded(values: readonly number[]): Range {
  const lo = values.reduce((s, v) => Math.min(s, v), 0);
  const hi = values.reduce((s, v) => Math.max(s, v), 0);
  const margin = 0.08 * (hi - lo) || 1e-12;
  return { lo: lo - margin, hi: hi + margin };
}
