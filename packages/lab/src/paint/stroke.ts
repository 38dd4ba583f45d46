/** From pointer to strokes: few points, round numbers, so that a painting fits in a link. */
import { type Stroke, writeStroke } from "ottoflow/measure/strokes";

export type Point = readonly number[];
export interface Brush {
  readonly act: Stroke["act"];
  readonly shape: Stroke["brush"];
  readonly radius: number;
  readonly strength: number;
}

/** A number to the grain, in its shortest decimal form. */
export function rounded(v: number, grain: number): number {
  const digits = Math.max(0, Math.min(12, Math.ceil(-Math.log10(grain))));
  return Number((Math.round(v / grain) * grain).toFixed(digits)) + 0;
}

/** Points that stay when those within a distance of the line through their neighbours go (Ramer, Douglas and Peucker). */
export function simplified(points: readonly Point[], within: number): readonly Point[] {
  if (points.length < 3) return points;
  const [a, b] = [points[0]!, points.at(-1)!];
  let [far, at] = [-1, 0];
  for (let i = 1; i < points.length - 1; i++) {
    const d = distance(points[i]!, a, b);
    if (d > far) [far, at] = [d, i];
  }
  if (far <= within) return [a, b];
  return [...simplified(points.slice(0, at + 1), within).slice(0, -1), ...simplified(points.slice(at), within)];
}
function distance(p: Point, a: Point, b: Point): number {
  let [along, length] = [0, 0];
  for (let k = 0; k < p.length; k++) {
    along += (p[k]! - a[k]!) * (b[k]! - a[k]!);
    length += (b[k]! - a[k]!) ** 2;
  }
  const s = length > 0 ? Math.max(0, Math.min(1, along / length)) : 0;
  return Math.hypot(...p.map((v, k) => v - a[k]! - s * (b[k]! - a[k]!)));
}

/** The text of a stroke as the spec holds it. On the line a movement to and fro covers an interval: its two ends. */
export function strokeText(brush: Brush, points: readonly Point[]): string {
  const grain = 10 ** Math.floor(Math.log10(brush.radius / 20));
  const ends = (xs: readonly number[]): readonly Point[] => (Math.min(...xs) === Math.max(...xs) ? [[xs[0]!]] : [[Math.min(...xs)], [Math.max(...xs)]]);
  const few = points[0]?.length === 1 ? ends(points.map((p) => p[0]!)) : simplified(points, brush.radius / 12);
  const round = few.map((p) => p.map((v) => rounded(v, grain)));
  const moved = round.filter((p, i) => i === 0 || p.some((v, k) => v !== round[i - 1]![k]));
  return writeStroke({ act: brush.act, brush: brush.shape, radius: brush.radius, strength: brush.strength, points: moved });
}

/** The start of a spec with one stroke more. The first stroke is a new canvas; where there is no box, it lies over what is seen. */
export function painted(initial: unknown, stroke: string, canvas: { readonly lower: Point; readonly upper: Point } | null): Readonly<Record<string, unknown>> {
  const old = typeof initial === "object" && initial !== null ? (initial as Record<string, unknown>) : {};
  if (old.kind === "strokes") return { ...old, strokes: [...(Array.isArray(old.strokes) ? old.strokes : []), stroke] };
  const { mass, count, placement, cut } = old;
  return {
    kind: "strokes",
    strokes: [stroke],
    ...canvas,
    ...(mass !== undefined && { mass }),
    ...(count !== undefined && { count }),
    ...(placement !== undefined && { placement }),
    ...(cut !== undefined && { cut }),
  };
}
export const isPainted = (initial: unknown): boolean => typeof initial === "object" && initial !== null && (initial as { kind?: unknown }).kind === "strokes";

/** A round radius near this share of an extent. */
export const radiusNear = (extent: number, share: number): number => Number((extent * share).toPrecision(2));
