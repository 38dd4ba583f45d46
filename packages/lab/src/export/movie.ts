/** Films of the stage, picture by picture: nothing is recorded in real time, so no frame is lost and none is shown twice for lack of speed. */
import type { Camera } from "../stage/camera.ts";
import { delaysOf, even, type Film } from "./film.ts";
import { openShot } from "./shot.ts";

export interface Director {
  readonly camera: Camera;
  /** moves the playhead */
  seek(t: number): void;
  /** how far it is, from 0 to 1 */
  progress(share: number): void;
  readonly signal: AbortSignal;
}
export type Container = "mp4" | "webm";
/** In the order in which players know them. */
const codecs = { mp4: ["avc", "av1", "vp9", "hevc"], webm: ["vp9", "av1", "vp8"] } as const;
/** Longest side of a film in pixels. */
const most = 1920;

export class FilmError extends Error {}

function sizeOf({ canvas, paint }: Camera, longest: number): [number, number] {
  // the page may have another size since the last painting
  paint();
  const scale = Math.min(1, longest / Math.max(canvas.width, canvas.height));
  return [even(canvas.width * scale), even(canvas.height * scale)];
}
const clock = (t: number): string => `t = ${Number(t.toPrecision(3))}`;
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The first codec of the container that this browser encodes at this size, or null. */
async function codecFor(container: Container, width: number, height: number) {
  if (!("VideoEncoder" in globalThis)) return null;
  const { getFirstEncodableVideoCodec } = await import("mediabunny");
  return getFirstEncodableVideoCodec([...codecs[container]], { width, height });
}

/** @throws {FilmError} where the browser has no encoder for the container */
export async function videoOf(container: Container, film: Film, director: Director): Promise<{ readonly blob: Blob; readonly codec: string }> {
  const [width, height] = sizeOf(director.camera, most);
  const codec = await codecFor(container, width, height);
  if (!codec) throw new FilmError(`this browser encodes none of ${codecs[container].join(", ")} for ${container.toUpperCase()}; GIF works everywhere`);
  const { BufferTarget, CanvasSource, Mp4OutputFormat, Output, Quality, WebMOutputFormat } = await import("mediabunny");
  const target = new BufferTarget();
  const output = new Output({ format: container === "mp4" ? new Mp4OutputFormat() : new WebMOutputFormat(), target });
  const shot = openShot(director.camera, width, height);
  const source = new CanvasSource(shot.canvas, { codec, quality: new Quality("high") });
  output.addVideoTrack(source, { frameRate: film.rate });
  await output.start();
  try {
    for (const [i, t] of film.times.entries()) {
      director.signal.throwIfAborted();
      director.seek(t);
      shot.take(clock(t));
      await source.add(i / film.rate, 1 / film.rate);
      director.progress((i + 1) / film.times.length);
      await turn();
    }
  } catch (error) {
    await output.cancel();
    throw error;
  }
  await output.finalize();
  return { blob: new Blob([target.buffer!], { type: `video/${container}` }), codec };
}

/** One palette for the whole film, from pictures spread over it, so that colours do not flicker. */
export async function gifOf(film: Film, director: Director): Promise<Blob> {
  const { applyPalette, GIFEncoder, quantize } = await import("gifenc");
  const [width, height] = sizeOf(director.camera, 720);
  const shot = openShot(director.camera, width, height);
  const c = shot.canvas.getContext("2d")!;
  const pixels = (t: number): Uint8ClampedArray => {
    director.seek(t);
    shot.take(clock(t));
    return c.getImageData(0, 0, width, height).data;
  };
  const sampled = [0, 0.33, 0.66, 1].map((s) => pixels(film.times[Math.round(s * (film.times.length - 1))]!));
  const together = new Uint8ClampedArray(sampled.length * sampled[0]!.length);
  sampled.forEach((data, k) => {
    together.set(data, k * data.length);
  });
  const palette = quantize(together, 256);
  const gif = GIFEncoder();
  const delays = delaysOf(film.times.length, film.rate);
  for (const [i, t] of film.times.entries()) {
    director.signal.throwIfAborted();
    gif.writeFrame(applyPalette(pixels(t), palette), width, height, { ...(i === 0 && { palette, repeat: 0 }), delay: delays[i]! });
    director.progress((i + 1) / film.times.length);
    await turn();
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: "image/gif" });
}
