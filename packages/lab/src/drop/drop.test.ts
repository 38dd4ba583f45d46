import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { npyBytes } from "ottoflow/io/npy";
import { resolveSpec } from "ottoflow/spec/resolve";
import { describe, expect, test } from "vitest";
import { BundleError, isPlainPath, ownFiles, packBundle, unpackBundle } from "./bundle.ts";
import { pathOf, takeFile } from "./dropped.ts";

const plane = {
  energy: ["entropy"],
  space: { kind: "box", lower: [-1, -1], upper: [1, 1], cells: [8, 8] },
  initial: { kind: "gaussian", deviation: [0.2], mass: 3 },
  scheme: { kind: "finite-volume", step: 0.1 },
  until: 1,
};

describe("bundles", () => {
  const spec = { ...plane, initial: { kind: "samples", file: "dropped/a.csv" } };
  const files = { "dropped/a.csv": strToU8("x,y\n0,0\n"), other: strToU8("not named") };
  test("what is packed is unpacked, and nothing else goes in", () => {
    const bytes = packBundle({ spec, files });
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(["dropped/a.csv", "spec.json"]);
    const back = unpackBundle(bytes);
    expect(back.spec).toEqual(spec);
    expect(strFromU8(back.files["dropped/a.csv"]!)).toBe("x,y\n0,0\n");
    expect(packBundle({ spec, files })).toEqual(bytes);
  });
  test("a missing file is named", () => {
    expect(() => packBundle({ spec, files: {} })).toThrow(/dropped\/a\.csv is not in this page/);
  });
  test.each(["../x", "/x", "a//b", "a/./b", "C:x", "a\\b", "a\u0000"])("the path %j leads out", (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
  test("zips that are none, hold no spec, or lead out are refused in words", () => {
    expect(() => unpackBundle(strToU8("hello"))).toThrow(BundleError);
    expect(() => unpackBundle(zipSync({ "a.txt": strToU8("1") }))).toThrow(/no spec\.json/);
    expect(() => unpackBundle(zipSync({ "spec.json": strToU8("{}"), "../a": strToU8("1") }))).toThrow(/leads out/);
    expect(() => unpackBundle(zipSync({ "spec.json": strToU8("[1]") }))).toThrow(/no JSON object/);
    expect(() => unpackBundle(zipSync(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, strToU8("")]))))).toThrow(/more than 200/);
  });
  test("own files are those that the gallery does not have", () => {
    expect(ownFiles({ a: { file: "data/x.csv" }, b: [{ file: "dropped/y.png" }] })).toEqual(["dropped/y.png"]);
  });
});

describe("dropped files", () => {
  const read = (taken: ReturnType<typeof takeFile>) => (path: string) => Promise.resolve(taken.files[path]!);
  test("a table with words and numbers: the first columns of numbers, and the engine reads them", async () => {
    const file = { name: "My data (1).csv", bytes: strToU8('name,"u",v,w\nann,0.1,0.2,5\nbob,-0.3,0.4,6\n') };
    const taken = takeFile(file, plane, {}, 2);
    expect(taken.spec.initial).toEqual({ kind: "samples", file: "dropped/My-data-1-.csv", columns: ["u", "v"], mass: 3 });
    const { problem } = await resolveSpec(taken.spec, { read: read(taken) });
    expect([...problem.initial.points!.x]).toEqual([0.1, -0.3, 0.2, 0.4]);
    expect(taken.spec.space).toBe(plane.space);
  });
  test("points beyond the box widen it", async () => {
    const taken = takeFile({ name: "far.csv", bytes: strToU8("1000.5,2\n1001.5,3\n1002.5,2.5\n") }, plane, {}, 2);
    expect(taken.says).toContain("lies around");
    const { lower, upper } = taken.spec.space as { lower: number[]; upper: number[] };
    expect(lower[0]!).toBeLessThan(1000.5);
    expect(lower[0]!).toBeGreaterThan(999.5);
    expect(upper[1]!).toBeGreaterThan(3);
    await resolveSpec(taken.spec, { read: read(taken) });
  });
  test("arrays: points [n, d] of an .npy", async () => {
    const taken = takeFile({ name: "p.npy", bytes: npyBytes([2, 2], Float64Array.of(0.5, 0.25, -0.5, -0.25)) }, plane, {}, 2);
    const { problem } = await resolveSpec(taken.spec, { read: read(taken) });
    expect([...problem.initial.points!.x]).toEqual([0.5, -0.5, 0.25, -0.25]);
  });
  test("pictures in the plane only; in free space they bring their rectangle", () => {
    const png = { name: "a.PNG", bytes: new Uint8Array(8) };
    expect(takeFile(png, plane, {}, 2).spec.initial).toEqual({ kind: "image", file: "dropped/a.PNG", mass: 3 });
    expect(takeFile(png, { ...plane, space: { kind: "euclidean", dimension: 2 } }, {}, 2).spec.initial).toMatchObject({ lower: [-1, -1], upper: [1, 1] });
    expect(() => takeFile(png, plane, {}, 1)).toThrow(/density in the plane/);
  });
  test("a spec and a bundle open as flows; anything else is refused", () => {
    expect(takeFile({ name: "s.json", bytes: strToU8(JSON.stringify(plane)) }, {}, {}, 1)).toMatchObject({ as: "flow", spec: plane });
    expect(() => takeFile({ name: "a.exe", bytes: new Uint8Array(1) }, plane, {}, 2)).toThrow(/"exe" when png/);
    expect(() => takeFile({ name: "a.csv", bytes: strToU8("x\n1\n") }, plane, {}, 2)).toThrow(/1 columns of numbers when this flow has 2/);
    expect(() => takeFile({ name: "a.csv", bytes: strToU8("") }, plane, {}, 2)).toThrow(BundleError);
  });
  test("paths are our own", () => {
    expect(pathOf("../../etc/pass wd")).toBe("dropped/pass-wd");
    expect(pathOf("C:\\x\\ü?.csv")).toMatch(/^dropped\/u[\w.-]*\.csv$/);
    expect(pathOf("..")).toBe("dropped/file");
  });
});
