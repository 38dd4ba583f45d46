import { describe, expect, test } from "vitest";
import { portableUniform } from "../../test/portable.ts";
import { paletteOf, recolour } from "./palette.ts";

function picture(pixels: number): Float32Array {
  const u = portableUniform(3);
  return Float32Array.from({ length: 4 * pixels }, (_, i) => (i % 4 === 3 ? 1 : Math.round(255 * u()) / 255));
}

describe("the palette of a picture", () => {
  test("as many colours as the picture has: no error, and each pixel keeps its colour", () => {
    const rgba = picture(50);
    const palette = paletteOf(rgba, 50);
    expect(palette.n).toBe(50);
    expect(palette.error).toBeLessThan(1e-15);
    for (let i = 0; i < 50; i++) for (let k = 0; k < 3; k++) expect(palette.x[k * 50 + palette.of[i]!]).toBe(rgba[4 * i + k]!);
  });
  test("one colour: the mean, and the error is the root of the sum of the variances", () => {
    const rgba = picture(400);
    const { x, error } = paletteOf(rgba, 1);
    const column = (k: number): number[] => Array.from({ length: 400 }, (_, i) => rgba[4 * i + k]!);
    const mean = [0, 1, 2].map((k) => column(k).reduce((s, v) => s + v, 0) / 400);
    const variance = [0, 1, 2].map((k) => column(k).reduce((s, v) => s + (v - mean[k]!) ** 2, 0) / 400);
    for (const [k, m] of mean.entries()) expect(x[k]).toBeCloseTo(m, 12);
    expect(error).toBeCloseTo(Math.sqrt(variance[0]! + variance[1]! + variance[2]!), 12);
  });
  test("weights sum to one, and the error falls with the number of colours", () => {
    const rgba = picture(3000);
    const errors = [4, 16, 64, 256].map((n) => {
      const palette = paletteOf(rgba, n);
      expect(palette.n).toBe(n);
      expect(palette.weight.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 12);
      return palette.error;
    });
    // colours fill a cube: the error of n cells falls like n^(-1/3), a factor 4^(-1/3) = 0.63 each
    for (let k = 1; k < errors.length; k++) expect(errors[k]! / errors[k - 1]!).toBeLessThan(0.72);
  });
  test("recolouring by the identity changes nothing; by a shift out of range it is cut and says how much", () => {
    const rgba = picture(100);
    const palette = paletteOf(rgba, 10);
    expect(recolour(rgba, palette, palette.x)).toEqual({ rgba, cut: 0 });
    const { cut, rgba: white } = recolour(
      rgba,
      palette,
      palette.x.map((v) => v + 2),
    );
    expect(cut).toBe(1);
    expect(white.every((v) => v === 1)).toBe(true);
  });
  test("no pixels, or no colours, is an error", () => {
    expect(() => paletteOf(new Float32Array(0), 4)).toThrow("no pixels");
    expect(() => paletteOf(picture(3), 0)).toThrow("colours");
  });
});
