/** Drawing of frames on a canvas: densities on the line with the past behind them, images and points in the plane. */
import type { PlainFrame } from "../engine/messages.ts";
import type { Ink } from "./axes.ts";
import { drawLine } from "./line.ts";
import { drawPlane } from "./plane.ts";
import type { Scene } from "./scene.ts";
import { type Around, usualView } from "./view.ts";

export { type Box, boxOf, type Ink } from "./axes.ts";

/**
 * @param past some earlier frames, drawn faintly behind the present one
 * @returns false where much is to be drawn and the next picture has to go on
 */
export function draw(
  c: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: Scene,
  frame: PlainFrame,
  past: readonly PlainFrame[],
  ink: Ink,
  around: Around = { view: usualView, run: [...past, frame], equilibrium: null, ended: true, whole: true },
): boolean {
  c.clearRect(0, 0, width, height);
  if (scene.opening.dim > 1) return drawPlane(c, width, height, scene, frame, ink, around);
  drawLine(c, width, height, scene, frame, past, ink, around);
  return true;
}
