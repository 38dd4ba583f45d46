import type { Law } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { limitError, specError } from "../errors.ts";
import { exp } from "../kernels/math.ts";
import { gridLaw, type Lattice } from "./grid-law.ts";
import { perAxis, type Shared, shared } from "./law.ts";

/** One movement of the brush: a polyline of one or more points, first axis first. */
export interface Stroke {
  readonly act: "paint" | "erase";
  readonly brush: "soft" | "disc";
  readonly radius: number;
  /** paint: what is added at the middle of the brush; erase: the share that is taken away there, at most 1 */
  readonly strength: number;
  readonly points: readonly (readonly number[])[];
}

const form = '"paint soft 0.2 1: 0.1 0.3, 0.4 0.5": paint or erase, soft or disc, radius, strength, then points';
const most = { strokes: 1000, points: 20_000, pixels: 1024 * 1024 };
const usualPixels = [0, 1024, 256];
/** A soft brush ends at this many radii, where it is below 1e-13. */
const reach = 4;

/** Text of one stroke as a spec holds it. @throws {SpecError} with its place and the form that is read */
export function readStroke(text: string, dim: number, path = "strokes"): Stroke {
  const fail = (what: string): Error => specError(path, `${what} in "${text.length > 60 ? `${text.slice(0, 60)}…` : text}"; write ${form}.`);
  const [head, tail, ...more] = text.split(":");
  const words = head!.trim().split(/\s+/);
  const [act, brush] = words;
  if (tail === undefined || more.length > 0 || words.length !== 4) throw fail("there are not four words, a colon and points");
  if (act !== "paint" && act !== "erase") throw fail(`got "${act}"`);
  if (brush !== "soft" && brush !== "disc") throw fail(`got "${brush}"`);
  const number = (word: string): number => {
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i.test(word)) throw fail(`"${word}" is no number`);
    return Number(word);
  };
  const [radius, strength] = [number(words[2]!), number(words[3]!)];
  if (!(radius > 0 && radius < Number.POSITIVE_INFINITY)) throw fail(`the radius is ${radius}`);
  if (!(strength > 0 && strength < Number.POSITIVE_INFINITY && (act === "paint" || strength <= 1))) throw fail(`the strength is ${strength}`);
  const points = tail.split(",").map((p) => p.trim().split(/\s+/).map(number));
  if (points.some((p) => p.length !== dim || !p.every(Number.isFinite))) throw fail(`a point has not ${dim} coordinates`);
  return { act, brush, radius, strength, points };
}

/** The text that `readStroke` reads back. */
export function writeStroke({ act, brush, radius, strength, points }: Stroke): string {
  return `${act} ${brush} ${radius} ${strength}: ${points.map((p) => p.join(" ")).join(", ")}`;
}

/**
 * The measure of a painting: constant on each pixel of a lattice over a box, relative masses by its strokes one after the other, at the pixel's centre c.
 * With the distance D of c from the polyline and the brush b = exp(-2 D^2 / radius^2) (soft: radius is two standard deviations) or b = 1 for D <= radius (disc),
 * paint adds strength * b and erase multiplies by 1 - strength * b. Masses of boxes, quantiles and draws are exact for what is painted so.
 * @throws {SpecError} where nothing is left
 */
export function strokesLaw(lattice: Lattice, strokes: readonly Stroke[], values: Shared = {}): Law {
  const pixel = paintPixels(lattice, strokes);
  if (!pixel.some((v) => v > 0)) throw specError("strokes", "leave nothing on the canvas; paint inside the box.");
  return { ...gridLaw(lattice, pixel, values), tex: "\\rho_{\\text{painted}}" };
}

/** What each pixel carries, relative; first axis slowest. */
export function paintPixels(lattice: Lattice, strokes: readonly Stroke[]): Float64Array {
  const pixel = new Float64Array(lattice.shape.reduce((a, b) => a * b, 1));
  for (const stroke of strokes) applyStroke(lattice, pixel, stroke);
  return pixel;
}

function applyStroke({ lower, h, shape }: Lattice, pixel: Float64Array, stroke: Stroke): void {
  const { points, radius, strength } = stroke;
  const soft = stroke.brush === "soft";
  const far = soft ? reach * radius : radius;
  const planar = shape.length === 2;
  const [r0, r1] = range(points, 0, far, lower[0]!, h[0]!, shape[0]!);
  const [c0, c1] = planar ? range(points, 1, far, lower[1]!, h[1]!, shape[1]!) : [0, 1];
  for (let i = r0; i < r1; i++) {
    const x = lower[0]! + (i + 0.5) * h[0]!;
    for (let j = c0; j < c1; j++) {
      const y = planar ? lower[1]! + (j + 0.5) * h[1]! : 0;
      const d2 = distance2(points, x, y);
      if (d2 > far * far) continue;
      const b = strength * (soft ? exp((-2 * d2) / (radius * radius)) : 1);
      const at = planar ? i * shape[1]! + j : i;
      pixel[at] = stroke.act === "paint" ? pixel[at]! + b : pixel[at]! * (1 - b);
    }
  }
}

/** Pixels of one axis that the brush can reach. */
function range(points: Stroke["points"], axis: number, far: number, lower: number, h: number, count: number): [number, number] {
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const p of points) {
    lo = Math.min(lo, p[axis]!);
    hi = Math.max(hi, p[axis]!);
  }
  return [Math.max(0, Math.floor((lo - far - lower) / h)), Math.min(count, Math.ceil((hi + far - lower) / h))];
}

/** Square of the distance of (x, y) from the polyline. */
function distance2(points: Stroke["points"], x: number, y: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let k = points.length > 1 ? 1 : 0; k < points.length; k++) {
    const [p, q] = [points[Math.max(0, k - 1)]!, points[k]!];
    const [px, py] = [p[0]!, p[1] ?? 0];
    const [ex, ey] = [q[0]! - px, (q[1] ?? 0) - py];
    const length2 = ex * ex + ey * ey;
    const s = length2 > 0 ? Math.max(0, Math.min(1, ((x - px) * ex + (y - py) * ey) / length2)) : 0;
    const [dx, dy] = [x - px - s * ex, y - py - s * ey];
    best = Math.min(best, dx * dx + dy * dy);
  }
  return best;
}

export const strokes: Unit<"law"> = defineLaw({
  kind: "strokes",
  title: "painted with a brush",
  tex: "\\rho_{\\text{painted}}",
  summary:
    "A density on the line or in the plane painted with a brush: strokes along polylines, soft or hard, that add mass or take it away. What a spec holds are the strokes, so a painting fits in a link; what they describe is constant on fine pixels, and all masses, quantiles and draws of that are exact.",
  refs: [],
  params: {
    strokes: {
      type: "texts",
      doc: `the strokes in the order they were painted, each as ${form} separated by commas; soft: exp(-2 D^2 / radius^2) of the distance D from the stroke, disc: 1 up to the radius; erase multiplies by one minus strength times that`,
    },
    pixels: {
      type: "vector",
      broadcast: true,
      integer: true,
      above: 0,
      optional: true,
      doc: "pixels per axis of the canvas: 1024 on the line and 256 x 256 in the plane unless given",
    },
    lower: { type: "vector", broadcast: true, optional: true, unit: "length", doc: "lower corner of the canvas; that of the space's box unless given" },
    upper: { type: "vector", broadcast: true, optional: true, unit: "length", doc: "upper corner of the canvas" },
    ...shared,
  },
  examples: [
    { dim: 1, params: { strokes: ["paint soft 0.4 1: -0.5", "paint disc 0.2 0.5: 0.2, 0.6"], lower: [-1], upper: [1] } },
    {
      dim: 2,
      params: {
        strokes: ["paint soft 0.3 1: -0.5 -0.4, 0 0.4, 0.5 -0.4", "erase disc 0.15 1: 0 0.4"],
        pixels: [64],
        lower: [-1, -1],
        upper: [1, 1],
      },
    },
  ],
  build: (values, { dim, space }) => {
    if (dim !== 1 && dim !== 2) throw specError("kind", `a painting is a density on the line or in the plane when the space has ${dim} axes.`);
    const { grid } = space;
    const lower = values.lower ? perAxis("lower", values.lower, dim, 0) : grid?.lower;
    const upper = values.upper ? perAxis("upper", values.upper, dim, 0) : grid?.lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!);
    if (!lower || !upper) throw specError("lower", "a painting in free space needs its canvas: give lower and upper.");
    for (let k = 0; k < dim; k++) if (!(lower[k]! < upper[k]!)) throw specError("upper", `axis ${k} runs from ${lower[k]} to ${upper[k]}; give lower < upper.`);
    const shape = values.pixels ? perAxis("pixels", values.pixels, dim, 0) : new Array<number>(dim).fill(usualPixels[dim]!);
    const count = shape.reduce((a, b) => a * b, 1);
    if (count > most.pixels) throw limitError("pixels of a painting", count, most.pixels, "Take fewer.");
    if (values.strokes.length > most.strokes) throw limitError("strokes of a painting", values.strokes.length, most.strokes, "Join some, or give an image.");
    const read = values.strokes.map((text, k) => readStroke(text, dim, `strokes[${k}]`));
    const points = read.reduce((s, stroke) => s + stroke.points.length, 0);
    if (points > most.points) throw limitError("points of the strokes of a painting", points, most.points, "Leave out points that lie on a line.");
    return strokesLaw({ lower, h: shape.map((n, k) => (upper[k]! - lower[k]!) / n), shape }, read, values);
  },
});
