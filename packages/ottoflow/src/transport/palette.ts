/** The colours of a picture as a measure of few atoms, with the exact cost of the rounding: W_2 of the picture's colours to the palette is at most `error`. */
import { specError } from "../errors.ts";
import { exactSum } from "./problem.ts";

export interface Palette {
  readonly n: number;
  /** [3 * n], means of the colours they stand for, in [0, 1] */
  readonly x: Float64Array;
  /** [n], shares of the pixels; sums to 1 */
  readonly weight: Float64Array;
  /** atom of each pixel */
  readonly of: Int32Array;
  /** root of the mean squared distance of a pixel's colour to its atom: moving each pixel there is a coupling, so W_2 is at most this */
  readonly error: number;
}
interface Box {
  readonly first: number;
  readonly count: number;
  /** weighted sum of squared distances to the mean along the axis of most spread */
  readonly spread: number;
  readonly axis: number;
}

/**
 * Splits the colours into at most `colours` groups: again and again the group with the largest squared spread along one axis, at its mean. [heckbert1982]
 * @param rgba red, green, blue, opacity of each pixel; opacity is not looked at
 * @throws {SpecError} for fewer than one colour or no pixels
 */
export function paletteOf(rgba: Float32Array, colours: number): Palette {
  if (!(Number.isInteger(colours) && colours >= 1)) throw specError("colours", `got ${colours} when expected a whole number of at least 1.`);
  const pixels = rgba.length / 4;
  if (pixels < 1) throw specError("picture", "has no pixels.");
  const { count, value, times, place } = distinct(rgba);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const boxes: Box[] = [measured(order, 0, count, value, times)];
  while (boxes.length < Math.min(colours, count)) {
    let widest = 0;
    for (let k = 1; k < boxes.length; k++) if (boxes[k]!.spread > boxes[widest]!.spread) widest = k;
    const box = boxes[widest]!;
    if (box.spread <= 0) break;
    const cut = split(order, box, value, times);
    boxes[widest] = measured(order, box.first, cut - box.first, value, times);
    boxes.push(measured(order, cut, box.first + box.count - cut, value, times));
  }
  return atoms(boxes, order, value, times, place, pixels);
}

/** The different colours, how often each occurs, and which one each pixel has. */
function distinct(rgba: Float32Array): { count: number; value: Float64Array; times: Float64Array; place: Int32Array } {
  const pixels = rgba.length / 4;
  const seen = new Map<number, number>();
  const place = new Int32Array(pixels);
  const times: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < pixels; i++) {
    // 16 bits a channel tell all colours of PNG and JPEG apart
    const key = (Math.round(65535 * rgba[4 * i]!) * 65536 + Math.round(65535 * rgba[4 * i + 1]!)) * 65536 + Math.round(65535 * rgba[4 * i + 2]!);
    let at = seen.get(key);
    if (at === undefined) {
      at = times.length;
      seen.set(key, at);
      times.push(0);
      values.push(rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!);
    }
    times[at] = times[at]! + 1;
    place[i] = at;
  }
  return { count: times.length, value: Float64Array.from(values), times: Float64Array.from(times), place };
}

function measured(order: Int32Array, first: number, count: number, value: Float64Array, times: Float64Array): Box {
  let [best, axis] = [-1, 0];
  for (let k = 0; k < 3; k++) {
    let [w, s, q] = [0, 0, 0];
    for (let i = first; i < first + count; i++) {
      const c = order[i]!;
      const t = times[c]!;
      w += t;
      s += t * value[3 * c + k]!;
    }
    const mean = s / w;
    for (let i = first; i < first + count; i++) {
      const c = order[i]!;
      const r = value[3 * c + k]! - mean;
      q += times[c]! * r * r;
    }
    if (q > best) [best, axis] = [q, k];
  }
  return { first, count, spread: count > 1 ? best : 0, axis };
}
/** Moves the colours below the mean of the axis to the front; where the second part begins. */
function split(order: Int32Array, { first, count, axis }: Box, value: Float64Array, times: Float64Array): number {
  let [w, s] = [0, 0];
  for (let i = first; i < first + count; i++) {
    w += times[order[i]!]!;
    s += times[order[i]!]! * value[3 * order[i]! + axis]!;
  }
  const mean = s / w;
  let top = first;
  for (let i = first; i < first + count; i++) {
    const c = order[i]!;
    if (value[3 * c + axis]! >= mean) continue;
    order[i] = order[top]!;
    order[top++] = c;
  }
  // rounding may put all on one side of their mean
  return top === first || top === first + count ? first + Math.max(1, count >> 1) : top;
}
function atoms(boxes: readonly Box[], order: Int32Array, value: Float64Array, times: Float64Array, place: Int32Array, pixels: number): Palette {
  const n = boxes.length;
  const x = new Float64Array(3 * n);
  const weight = new Float64Array(n);
  const atom = new Int32Array(times.length);
  const squares = new Float64Array(times.length);
  for (const [a, { first, count }] of boxes.entries()) {
    const mean = [0, 0, 0];
    for (let i = first; i < first + count; i++) {
      const c = order[i]!;
      atom[c] = a;
      weight[a] = weight[a]! + times[c]!;
      for (let k = 0; k < 3; k++) mean[k] = mean[k]! + times[c]! * value[3 * c + k]!;
    }
    for (let k = 0; k < 3; k++) x[k * n + a] = mean[k]! / weight[a]!;
    for (let i = first; i < first + count; i++) {
      const c = order[i]!;
      let r2 = 0;
      for (let k = 0; k < 3; k++) {
        const r = value[3 * c + k]! - x[k * n + a]!;
        r2 += r * r;
      }
      squares[c] = (times[c]! * r2) / pixels;
    }
    weight[a] = weight[a]! / pixels;
  }
  return { n, x, weight, of: place.map((c) => atom[c]!), error: Math.sqrt(exactSum(squares)) };
}

export interface Recoloured {
  /** red, green, blue, opacity in [0, 1] */
  readonly rgba: Float32Array;
  /** share of the channel values that left [0, 1] and were cut */
  readonly cut: number;
}
/** Each pixel moves as the atom it belongs to: its colour plus T(atom) - atom, so that shades inside an atom are kept. `target` is [3 * n]. */
export function recolour(rgba: Float32Array, palette: Palette, target: Float64Array): Recoloured {
  const out = rgba.slice();
  let cut = 0;
  const { n, x, of } = palette;
  for (let i = 0; i < of.length; i++)
    for (let k = 0; k < 3; k++) {
      const v = rgba[4 * i + k]! + target[k * n + of[i]!]! - x[k * n + of[i]!]!;
      if (v < 0 || v > 1) cut++;
      out[4 * i + k] = Math.min(1, Math.max(0, v));
    }
  return { rgba: out, cut: cut / (3 * of.length) };
}
