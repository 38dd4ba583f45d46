import { expect, test } from "vitest";
import type { ExportedRun } from "../define.ts";
import { makeBox } from "../space/box.ts";
import { csvOf } from "./csv.ts";
import { frameTable } from "./table.ts";

test("numbers read back to the same bits; missing ones are empty, infinite ones inf", () => {
  const values = Float64Array.of(0.1 + 0.2, 5e-324, -0, Number.NaN, Number.POSITIVE_INFINITY);
  const lines = csvOf({ a: values }).trimEnd().split("\n");
  expect(lines[0]).toBe("a");
  expect(lines.slice(1, 3).map(Number)).toEqual([0.1 + 0.2, 5e-324]);
  expect(lines.slice(4)).toEqual(["", "inf"]);
});
test("names with commas or quotes are quoted as RFC 4180 says", () => {
  expect(csvOf({ 'a,"b"': [1], c: [2, 3] })).toBe('"a,""b""",c\n1,2\n,3\n');
});
test("frames in long form: time, centre of the cell, density", () => {
  const space = makeBox({ lower: [0], upper: [1], cells: [2], periodic: [false] });
  const run: ExportedRun = { title: "", times: [0, 0.5], frames: [0, 1].map((k) => ({ rep: "cells" as const, space, rho: Float64Array.of(k, 2) })), trace: {} };
  expect(csvOf(frameTable(run))).toBe("t,x,density\n0,0.25,0\n0,0.75,2\n0.5,0.25,1\n0.5,0.75,2\n");
});
