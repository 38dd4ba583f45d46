/** Where particles have been, coloured by how much of their way lies behind them: red where they started, blue where they end. */
import type { PlainFrame } from "../engine/messages.ts";

export interface Trails {
  /** index of the particles that leave trails */
  readonly who: readonly number[];
  /** share of the length of its way that each had gone at each frame, [frames][who] */
  readonly gone: readonly Float64Array[];
}
/** Lengths along the way of some particles; `reach` is the whole run, so that a colour means the same share of the way at every time. */
export function trailsOf(way: readonly PlainFrame[], most: number): Trails {
  const n = way[0]?.measure.n ?? 0;
  const stride = Math.max(1, Math.ceil(n / most));
  const who = Array.from({ length: n === 0 ? 0 : Math.floor((n - 1) / stride) + 1 }, (_, i) => i * stride);
  const gone: Float64Array[] = [];
  for (const [k, frame] of way.entries()) {
    const row = new Float64Array(who.length);
    if (k > 0) {
      const [p, q] = [way[k - 1]!.measure.rows.x!, frame.measure.rows.x!];
      for (const [e, i] of who.entries()) row[e] = gone[k - 1]![e]! + Math.hypot(q[i]! - p[i]!, q[n + i]! - p[n + i]!);
    }
    gone.push(row);
  }
  const whole = gone.at(-1);
  if (whole) {
    const total = Float64Array.from(whole);
    for (const row of gone) for (let e = 0; e < row.length; e++) row[e] = total[e]! > 0 ? row[e]! / total[e]! : 0;
  }
  return { who, gone };
}
/** Red to blue through a neutral middle, told apart by all common kinds of colour vision. */
export function wayColour(u: number, dark: boolean): string {
  const stops = dark ? ["ff7a66", "c9b6c4", "5cb3ff"] : ["d1281b", "8d6c8f", "1556c0"];
  const place = Math.min(1, Math.max(0, u)) * 2;
  const i = Math.min(1, Math.floor(place));
  const [a, b] = [Number.parseInt(stops[i]!, 16), Number.parseInt(stops[i + 1]!, 16)];
  const mix = (shift: number): number => Math.round(((a >> shift) & 255) * (1 - place + i) + ((b >> shift) & 255) * (place - i));
  return `rgb(${mix(16)} ${mix(8)} ${mix(0)})`;
}
