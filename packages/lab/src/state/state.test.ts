import { describe, expect, test } from "vitest";
import type { PlainFrame } from "../engine/messages.ts";
import { FrameStore, sizeOf } from "./frames.ts";
import { begin, push, redo, undo } from "./history.ts";
import { get, set } from "./path.ts";

describe("history", () => {
  test("undo and redo walk the same way back and forth; a new value ends what could be redone", () => {
    const h = push(push(begin(1), 2), 3);
    expect(undo(undo(h)).now).toBe(1);
    expect(undo(undo(undo(h))).now).toBe(1);
    expect(redo(undo(h))).toEqual(h);
    expect(redo(push(undo(h), 9)).now).toBe(9);
  });
  test("a slider that moves is one step", () => expect(undo(push(push(push(begin(1), 2), 3, true), 4, true)).now).toBe(1));
});
describe("places of a spec", () => {
  const spec = { energy: ["entropy", { kind: "potential", formula: "x^2" }], until: 1 };
  test("setting copies what is above and leaves the rest", () => {
    const next = set(spec, ["energy", 1, "formula"], "x^4");
    expect(get(next, ["energy", 1, "formula"])).toBe("x^4");
    expect(spec.energy[1]).toEqual({ kind: "potential", formula: "x^2" });
    expect(next.energy[0]).toBe(spec.energy[0]);
  });
  test("a unit that is only a name becomes an object when a parameter is set", () =>
    expect(set(spec, ["energy", 0, "temperature"], 2).energy[0]).toEqual({ kind: "entropy", temperature: 2 }));
  test("undefined takes away: a key of an object, an entry of a list", () => {
    expect(set(spec, ["until"], undefined)).toEqual({ energy: spec.energy });
    expect(set(spec, ["energy", 0], undefined).energy).toEqual([spec.energy[1]]);
  });
  test("what is not there is made", () => expect(set({} as object, ["observe", "frames", "every"], 0.1)).toEqual({ observe: { frames: { every: 0.1 } } }));
});
describe("frames", () => {
  const frame = (t: number): PlainFrame => ({ t, index: t, measure: { rep: "cells", rows: { rho: new Float64Array(100) } } });
  test("stay within the budget, evenly spread, with the first and the last", () => {
    const store = new FrameStore(20 * sizeOf(frame(0)));
    for (let t = 0; t <= 100; t++) store.add([frame(t)]);
    expect(store.bytes).toBeLessThanOrEqual(store.budget);
    expect(store.bytes).toBe(store.frames.reduce((s, f) => s + sizeOf(f), 0));
    const times = store.frames.map((f) => f.t);
    expect([times[0], times.at(-1)]).toEqual([0, 100]);
    expect(Math.max(...times.slice(1).map((t, i) => t - times[i]!))).toBeLessThanOrEqual(16);
  });
  test("the frame at a time is the last one before it", () => {
    const store = new FrameStore(1e9);
    store.add([0, 1, 3, 7].map(frame));
    expect([-1, 0, 0.5, 2.9, 3, 100].map((t) => store.at(t)!.t)).toEqual([0, 0, 0, 1, 3, 7]);
    expect(new FrameStore(1).at(0)).toBe(null);
    const tenths = new FrameStore(1e9);
    tenths.add(Array.from({ length: 51 }, (_, k) => frame(k * 0.1)));
    expect(tenths.at(0.3)!.t).toBe(3 * 0.1);
  });
});
