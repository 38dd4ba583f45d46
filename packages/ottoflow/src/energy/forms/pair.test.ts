import { expect, test } from "vitest";
import type { Kernel } from "../../contract.ts";
import { cellAverage } from "./pair.ts";

const log: Kernel = {
  tex: "",
  sum: () => {},
  dx: () => {},
  finite: false,
  radial: {
    value: (n, r, out) => {
      for (let i = 0; i < n; i++) out[i] = Math.log(r[i]!);
    },
    slope: () => {},
  },
};

test("cell average of log|x| on the line: log(h/2) - 1", () => {
  for (const h of [1, 0.1, 3]) expect(cellAverage(log, [h])).toBeCloseTo(Math.log(h / 2) - 1, 12);
});

test("cell average of log|x| on the unit square: log(1/2) + (log 2)/2 + pi/4 - 3/2", () => {
  // mean of log r over [0, a]^2 is log a + (log 2)/2 + pi/4 - 3/2
  expect(cellAverage(log, [1, 1])).toBeCloseTo(Math.log(0.5) + Math.log(2) / 2 + Math.PI / 4 - 1.5, 12);
});
