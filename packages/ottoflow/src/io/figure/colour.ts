/**
 * Colours of figures. A mark carries its light colour as the attribute `color` and draws with `currentColor`; a class lets the
 * dark sheet change it. So the plain file is right in any rasteriser and the page follows the reader's scheme.
 */
import type { Attributes } from "./svg.ts";

/** Viridis (S. van der Walt, N. Smith, 2015; public domain) at equal distances, from the first time to the last. */
const viridisStops = ["440154", "482475", "414487", "355f8d", "2a788e", "21918c", "22a884", "44bf70", "7ad151", "bddf26", "fde725"] as const;
/** Okabe and Ito's palette, told apart by all common kinds of colour vision; darker on white, lighter on black. */
const lightSeries = ["#0067a5", "#c14a00", "#00795a", "#a33e7a", "#8a6100", "#3a3a8c"] as const;
const darkSeries = ["#56b4e9", "#ff8c42", "#2fd0a0", "#e69fc9", "#f0c040", "#a9a9ff"] as const;
const steps = 24;

/** Red, green, blue of viridis at u in [0, 1]. */
export function viridis(u: number): readonly [number, number, number] {
  const place = Math.min(1, Math.max(0, u)) * (viridisStops.length - 1);
  const i = Math.min(viridisStops.length - 2, Math.floor(place));
  const a = Number.parseInt(viridisStops[i], 16);
  const b = Number.parseInt(viridisStops[i + 1], 16);
  const f = place - i;
  const mix = (shift: number): number => Math.round(((a >> shift) & 255) * (1 - f) + ((b >> shift) & 255) * f);
  return [mix(16), mix(8), mix(0)];
}
function hex(u: number): string {
  return `#${viridis(u)
    .map((c) => c.toString(16).padStart(2, "0"))
    .join("")}`;
}

/** Colour of a time, u = 0 at the first frame and 1 at the last. Both sheets leave out the end that their background swallows. */
export function timeColour(u: number): Attributes {
  const k = Math.round(Math.min(1, Math.max(0, u)) * (steps - 1));
  return { class: `v${k}`, color: hex((k / (steps - 1)) * 0.82) };
}
/** Colour of series k. */
export function seriesColour(k: number): Attributes {
  return { class: `c${k % lightSeries.length}`, color: lightSeries[k % lightSeries.length] };
}

/** The style sheet of all figures: what changes on a dark ground. A page that draws several holds it once. */
export function figureStyle(): string {
  let dark = ".paper{color:#14171c}";
  for (let k = 0; k < steps; k++) dark += `.v${k}{color:${hex(0.28 + (k / (steps - 1)) * 0.72)}}`;
  for (let k = 0; k < darkSeries.length; k++) dark += `.c${k}{color:${darkSeries[k]}}`;
  return `@media (prefers-color-scheme:dark){${dark}}`;
}
