/** What others may do with the stage: paint it at the playhead, take its pixels, and know where it lies. */
import type { Box } from "./draw.ts";
import type { Scene } from "./scene.ts";

export interface Camera {
  readonly canvas: HTMLCanvasElement;
  /** draws the frame at the playhead now */
  paint(): void;
  /** null before there is something to see */
  place(): { readonly scene: Scene; readonly box: Box } | null;
}
