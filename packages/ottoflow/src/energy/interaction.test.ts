import { describe, expect, test } from "vitest";
import type { Kernel, Pair } from "../contract.ts";
import { gaussian } from "../kernel/gaussian.ts";
import { logarithmic } from "../kernel/logarithmic.ts";
import { morse } from "../kernel/morse.ts";
import { philoxUniforms } from "../kernels/philox.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { interaction } from "./interaction.ts";
import { scalePart } from "./scale.ts";

const space = makeFree(2);
const build = (kernel: Kernel, precision: "double" | "single"): Pair => interaction.build({ kernel, precision } as never, { dim: 2, space })[0] as Pair;

describe("interaction in single precision", () => {
  const n = 700;
  const x = new Float64Array(2 * n);
  philoxUniforms(5, 1, 0, 0, 2 * n, x);
  const w = new Float64Array(n).fill(1 / n);
  const force = (part: Pair): Float64Array => {
    const out = new Float64Array(2 * n);
    part.W.dx(n, x, n, x, w, out);
    return out;
  };
  test.each([
    ["logarithmic", logarithmic.build({ factor: -1 } as never, { dim: 2, space })],
    ["gaussian", gaussian.build({ width: 0.3, factor: 1 } as never, { dim: 2, space })],
  ] as const)("%s: forces are those of double precision up to the rounding of the coordinates, and not the same", (_name, kernel) => {
    const [double, single] = [force(build(kernel, "double")), force(build(kernel, "single"))];
    let differs = false;
    for (let i = 0; i < n; i++) {
      // a term 1 / r whose difference of coordinates of size 1 is off by a few 2^-24
      let bound = 0;
      for (let j = 0; j < n; j++) {
        const r = Math.hypot(x[i]! - x[j]!, x[n + i]! - x[n + j]!);
        if (i !== j) bound += (w[j]! * 3e-7 * (1 + r)) / (r * r);
      }
      const gap = Math.hypot(double[i]! - single[i]!, double[n + i]! - single[n + i]!);
      expect(gap).toBeLessThan(bound);
      differs ||= gap > 0;
    }
    expect(differs).toBe(true);
    const weighted = force(scalePart(build(kernel, "single"), 0.25, "") as Pair);
    weighted.forEach((v, i) => {
      expect(v).toBe(0.25 * single[i]!);
    });
  });
  test("kernels without it refuse and name those that have it; circles too", () => {
    const swarm = morse.build({ repulsion: 2, "repulsion-length": 0.5, attraction: 1, "attraction-length": 1, factor: 1 } as never, { dim: 2, space });
    expect(() => build(swarm, "single")).toThrow(/logarithmic/);
    const torus = makeBox({ lower: [0, 0], upper: [1, 1], cells: [4, 4], periodic: [true, false] });
    const wrapped = logarithmic.build({ factor: 1 } as never, { dim: 2, space: torus });
    expect(() => build(wrapped, "single")).toThrow(/free space/);
  });
});
