import { readStroke } from "ottoflow/measure/strokes";
import { resolveSpec } from "ottoflow/spec/resolve";
import { describe, expect, test } from "vitest";
import { decodeLink, encodeLink } from "../link/codec.ts";
import { type Brush, isPainted, painted, rounded, simplified, strokeText } from "./stroke.ts";

const brush: Brush = { act: "paint", shape: "soft", radius: 0.2, strength: 1 };
const circle = Array.from({ length: 400 }, (_, i) => [Math.cos(i / 60), Math.sin(i / 60)]);

describe("strokes", () => {
  test("a line of many points is its ends; a circle keeps its shape within the tolerance", () => {
    expect(
      simplified(
        Array.from({ length: 50 }, (_, i) => [i, 2 * i]),
        1e-9,
      ),
    ).toEqual([
      [0, 0],
      [49, 98],
    ]);
    const few = simplified(circle, 0.02);
    expect(few.length).toBeLessThan(40);
    // chords of the unit circle within 0.02 of it
    for (let i = 1; i < few.length; i++) {
      const middle = [0, 1].map((k) => 0.5 * (few[i]![k]! + few[i - 1]![k]!));
      expect(1 - Math.hypot(...middle)).toBeLessThanOrEqual(0.02 + 1e-12);
    }
  });
  test("round numbers, no -0", () => {
    expect(rounded(0.123456, 0.001)).toBe(0.123);
    expect(Object.is(rounded(-0.0001, 0.01), 0)).toBe(true);
    expect(rounded(1234.5, 10)).toBe(1230);
  });
  test("what is written is what the library reads; on the line the two ends", () => {
    expect(readStroke(strokeText(brush, [[0.5], [-0.25], [0.1]]), 1).points).toEqual([[-0.25], [0.5]]);
    expect(readStroke(strokeText(brush, [[0.5], [0.5]]), 1).points).toEqual([[0.5]]);
    expect(readStroke(strokeText({ ...brush, act: "erase" }, circle), 2)).toMatchObject({ act: "erase", brush: "soft", radius: 0.2 });
  });
  test("the first stroke is a new canvas, the next ones add; mass and count stay", () => {
    const one = painted({ kind: "gaussian", deviation: [1], mass: 2, count: 50 }, "a", null);
    expect(one).toEqual({ kind: "strokes", strokes: ["a"], mass: 2, count: 50 });
    expect(painted(one, "b", null).strokes).toEqual(["a", "b"]);
    expect([isPainted(one), isPainted("uniform"), isPainted(null)]).toEqual([true, false, false]);
  });
  test("forty scribbles fit in a link, and what comes back starts from the same masses", async () => {
    let initial: unknown = null;
    for (let k = 0; k < 40; k++)
      initial = painted(
        initial,
        strokeText(
          brush,
          circle.map(([x, y]) => [x! * (0.3 + 0.01 * k), y!]),
        ),
        null,
      );
    const spec = {
      energy: ["entropy"],
      space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [16, 16] },
      initial,
      scheme: { kind: "finite-volume", step: 0.1 },
      until: 1,
    };
    const link = await encodeLink({ spec });
    expect(link.length).toBeLessThan(20_000);
    const masses = async (s: unknown): Promise<Float64Array> => {
      const { problem } = await resolveSpec(s);
      const out = new Float64Array(1);
      problem.initial.boxMass!(1, Float64Array.of(0, 0), Float64Array.of(2, 2), out);
      return out;
    };
    expect(await masses((await decodeLink(link)).spec)).toEqual(await masses(spec));
  });
});
