/** Every exporter: deterministic files with its extension, for frames of every storage. */
import { describe, expect, test } from "vitest";
import type { Measure } from "../../src/contract.ts";
import type { ExportedRun } from "../../src/define.ts";
import { casesOf, spaceOf } from "./units.ts";

const [line, plane] = [spaceOf(1), spaceOf(2)];
const frames: Record<string, Measure> = {
  "cells on a line": { rep: "cells", space: line, rho: new Float64Array(line.cells!.n).fill(0.3) },
  "cells in a square": { rep: "cells", space: plane, rho: new Float64Array(plane.cells!.n).map((_, i) => i % 7) },
  particles: { rep: "particles", space: plane, n: 3, x: Float64Array.of(0, 1, 0.5, 0.2, 0.4, -0.3), weight: Float64Array.of(0.2, 0.3, 0.5) },
  quantiles: { rep: "quantiles", space: line, x: Float64Array.of(-1, 0, 1.5), level: Float64Array.of(0, 0.4, 1), mass: 1 },
  gaussian: { rep: "gaussian", space: plane, mean: Float64Array.of(0, 0.2), cov: Float64Array.of(1, 0.2, 0.2, 0.5), mass: 1 },
};
const run = (m: Measure): ExportedRun => ({
  title: 'A <test> & "run"',
  times: [0, 0.5],
  frames: [m, m],
  trace: { t: Float64Array.of(0, 0.5), energy: Float64Array.of(1, Number.NaN) },
});

describe.each(await casesOf("exporter"))("$name", (c) => {
  test.each(Object.entries(frames))("%s", async (_name, m) => {
    const exporter = await c.build();
    const files = await exporter.write(run(m));
    expect(files.length).toBeGreaterThan(0);
    for (const f of files) {
      // a file, or a folder of files
      expect(f.name.split("/")[0]!.endsWith(`.${exporter.extension}`)).toBe(true);
      for (const part of f.name.split("/")) expect(part).toMatch(/^(?!\.\.?$)[\w.-]+$/);
      expect(f.bytes.length).toBeGreaterThan(0);
    }
    expect(await exporter.write(run(m))).toEqual(files);
  });
});
