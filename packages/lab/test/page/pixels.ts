/// <reference lib="dom" />
/** Pictures as pixels, from the page and from files, made small so that what encoders round off does not count. */
import type { Page } from "playwright-core";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** red, green, blue, opacity from 0 to 255 */
  readonly rgba: Uint8Array;
}
const unpacked = ({ width, height, text }: { width: number; height: number; text: string }): Pixels => ({
  width,
  height,
  rgba: new Uint8Array(Buffer.from(text, "base64")),
});

/** The stage as a film or a picture shows it: on the ground of the page. */
export async function stagePixels(page: Page, width?: number, height?: number): Promise<Pixels> {
  return unpacked(
    await page.evaluate(
      async ([w, h]) => {
        // what was asked for last has been drawn
        for (let k = 0; k < 3; k++) await new Promise((resolve) => requestAnimationFrame(resolve));
        const stage = document.querySelector(".stage canvas") as HTMLCanvasElement;
        const [width, height] = [w ?? stage.width, h ?? stage.height];
        const canvas = new OffscreenCanvas(width, height);
        const c = canvas.getContext("2d")!;
        c.fillStyle = getComputedStyle(document.body).backgroundColor;
        c.fillRect(0, 0, width, height);
        c.imageSmoothingQuality = "high";
        c.drawImage(stage, 0, 0, width, height);
        const { data } = c.getImageData(0, 0, width, height);
        let text = "";
        for (let i = 0; i < data.length; i += 8190) text += String.fromCharCode(...data.subarray(i, i + 8190));
        return { width, height, text: btoa(text) };
      },
      [width, height] as const,
    ),
  );
}
/** The pictures that a browser shows of a film at given times, which lie half a picture after each begins. */
export async function filmPixels(page: Page, bytes: Uint8Array, type: string, times: readonly number[]): Promise<readonly Pixels[]> {
  const found = await page.evaluate(
    async ([base64, type, times]) => {
      const video = document.createElement("video");
      video.muted = true;
      document.body.append(video);
      // "seeked" is said before the picture of that time stands: what stands is said by the picture
      let shown = Number.NaN;
      video.requestVideoFrameCallback(function tell(_now, { mediaTime }) {
        shown = mediaTime;
        video.requestVideoFrameCallback(tell);
      });
      const half = times[0]!;
      const failed = new Promise<never>((_, reject) => {
        video.onerror = () => reject(new Error(video.error?.message ?? "no film"));
      });
      const within = <T>(what: string, come: Promise<T>): Promise<T> =>
        Promise.race([
          come,
          failed,
          new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`${what} does not come; shown is ${shown}`)), 60_000)),
        ]);
      video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type }));
      await within(
        "the film",
        new Promise((resolve) => {
          video.onloadeddata = resolve;
        }),
      );
      const [width, height] = [video.videoWidth, video.videoHeight];
      const canvas = new OffscreenCanvas(width, height);
      const c = canvas.getContext("2d", { willReadFrequently: true })!;
      const pictures: { width: number; height: number; text: string }[] = [];
      for (const t of times) {
        const sought = new Promise((resolve) => {
          video.onseeked = resolve;
          video.currentTime = t;
        });
        await within(`the time ${t}`, sought);
        const late = performance.now() + 60_000;
        while (!(Math.abs(t - half - shown) < half / 2)) {
          if (performance.now() > late) throw new Error(`the film shows its picture at ${shown} when that at ${t - half} was sought`);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        c.drawImage(video, 0, 0);
        const { data } = c.getImageData(0, 0, width, height);
        let text = "";
        for (let i = 0; i < data.length; i += 8190) text += String.fromCharCode(...data.subarray(i, i + 8190));
        pictures.push({ width, height, text: btoa(text) });
      }
      return pictures;
    },
    [Buffer.from(bytes).toString("base64"), type, times] as const,
  );
  return found.map(unpacked);
}

const CELLS = 48;
/** Mean colours of 48 x 48 cells; the corner where films write their clock is left out. */
export function cellsOf({ width, height, rgba }: Pixels): Float64Array {
  const sum = new Float64Array(CELLS * CELLS * 3);
  const count = new Float64Array(CELLS * CELLS);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * CELLS) / height) * CELLS + Math.floor((x * CELLS) / width);
      count[cell]!++;
      for (let c = 0; c < 3; c++) sum[3 * cell + c]! += rgba[4 * (y * width + x) + c]!;
    }
  return sum.map((v, i) => {
    const cell = Math.floor(i / 3);
    const clock = cell / CELLS < 0.14 * CELLS && cell % CELLS > 0.6 * CELLS;
    return clock ? 0 : v / count[cell]!;
  });
}
/** Root of the mean squared difference of two rows. */
export function apart(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}
/** Which of the candidates is like it the most, and how far it and the next are. */
export function nearestOf(picture: Pixels, candidates: readonly Float64Array[]): { readonly at: number; readonly far: number; readonly next: number } {
  const own = cellsOf(picture);
  const far = candidates.map((candidate) => apart(own, candidate));
  const at = far.indexOf(Math.min(...far));
  return { at, far: far[at]!, next: Math.min(...far.filter((_, k) => k !== at)) };
}
