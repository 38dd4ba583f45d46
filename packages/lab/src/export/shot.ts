/** Pixels of the stage: one picture, or one after the other at given times. */
import type { Camera } from "../stage/camera.ts";

export interface Shot {
  readonly canvas: OffscreenCanvas;
  /** paints the stage as it is now on the ground of the page */
  take(label?: string): void;
}

/** @param width pixels of the pictures; the height follows unless both are given */
export function openShot(camera: Camera, width: number, height: number): Shot {
  const canvas = new OffscreenCanvas(width, height);
  const c = canvas.getContext("2d", { willReadFrequently: true })!;
  const { backgroundColor, color } = getComputedStyle(document.body);
  return {
    canvas,
    take(label) {
      camera.paint();
      c.fillStyle = backgroundColor;
      c.fillRect(0, 0, width, height);
      c.imageSmoothingQuality = "high";
      c.drawImage(camera.canvas, 0, 0, width, height);
      if (label === undefined) return;
      const size = Math.max(11, Math.round(width / 50));
      c.font = `${size}px system-ui, sans-serif`;
      c.fillStyle = color;
      c.textAlign = "right";
      c.textBaseline = "top";
      c.fillText(label, width - size, size * 0.8);
    },
  };
}
export async function pngOf(camera: Camera): Promise<Blob> {
  // the page may have another size since the last painting
  camera.paint();
  const shot = openShot(camera, camera.canvas.width, camera.canvas.height);
  shot.take();
  return shot.canvas.convertToBlob({ type: "image/png" });
}
