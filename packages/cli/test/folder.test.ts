import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Checkpoint, SavedFrame } from "ottoflow/flow";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileReader, readSpec } from "../src/files.ts";
import { checkpointSaver, readCheckpoint } from "../src/folder/checkpoint.ts";
import { inputFiles, specText } from "../src/folder/result.ts";
import { freeName, interruptedName, openWorkplace, workplacePath } from "../src/folder/workplace.ts";
import { resolved } from "./made-run.ts";
import { testTerminal } from "./terminal.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const result = (out: string, text = "{}"): void => {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "certificate.json"), text);
};

describe("workplace", () => {
  test("the result appears whole, by one rename", async () => {
    const out = join(root, "a/b/run");
    const place = await openWorkplace(out);
    writeFileSync(join(place.path, "certificate.json"), "{}");
    expect(existsSync(out)).toBe(false);
    await place.finish();
    expect(readdirSync(out)).toEqual(["certificate.json"]);
    expect(readdirSync(join(root, "a/b"))).toEqual(["run"]);
  });
  test("a standing result is refused, then replaced with --force", async () => {
    const out = join(root, "run");
    result(out, "old");
    await expect(openWorkplace(out)).rejects.toThrow(/holds a result already/);
    const place = await openWorkplace(out, { force: true });
    expect(readFileSync(join(out, "certificate.json"), "utf8")).toBe("old");
    writeFileSync(join(place.path, "certificate.json"), "new");
    await place.finish();
    expect(readFileSync(join(out, "certificate.json"), "utf8")).toBe("new");
    expect(readdirSync(root)).toEqual(["run"]);
  });
  test("a folder that is no result is never replaced, not even with --force", async () => {
    writeFileSync(join(root, "thesis.tex"), "");
    await expect(openWorkplace(root, { force: true })).rejects.toThrow(/left alone/);
    await expect(openWorkplace(join(root, "thesis.tex"), { force: true })).rejects.toThrow(/is a file/);
    expect(existsSync(join(root, "thesis.tex"))).toBe(true);
  });
  test("an interrupted run with a checkpoint is kept until told", async () => {
    const out = join(root, "run");
    const dead = workplacePath(out);
    mkdirSync(dead);
    writeFileSync(join(dead, "checkpoint"), "x");
    writeFileSync(join(dead, "owner.json"), JSON.stringify({ host: (await import("node:os")).hostname(), pid: 2 ** 22 + 1, started: "1" }));
    await expect(openWorkplace(out)).rejects.toThrow(/--resume goes on/);
    const place = await openWorkplace(out, { resume: true });
    expect(place.resumed).toBe(true);
    expect(existsSync(join(place.path, "checkpoint"))).toBe(true);
    await place.leave();
    expect(existsSync(join((await openWorkplace(out, { force: true })).path, "checkpoint"))).toBe(false);
  });
  test("another living command keeps its place", async () => {
    const out = join(root, "run");
    mkdirSync(workplacePath(out));
    writeFileSync(join(workplacePath(out), "owner.json"), JSON.stringify({ host: (await import("node:os")).hostname(), pid: process.ppid, started: null }));
    for (const options of [{}, { force: true }, { resume: true }]) await expect(openWorkplace(out, options)).rejects.toThrow(/is working on it/);
  });
  test("nothing to resume says so", async () => await expect(openWorkplace(join(root, "run"), { resume: true })).rejects.toThrow(/no interrupted run/));
  test("a kill between the two renames of a replacement loses nothing", async () => {
    const out = join(root, "run");
    result(join(root, ".run.replaced"), "old");
    await expect(openWorkplace(out)).rejects.toThrow(/holds a result already/);
    expect(readFileSync(join(out, "certificate.json"), "utf8")).toBe("old");
  });
  test("names: the first free one, the latest interrupted one", async () => {
    result(join(root, "heat"));
    expect(await freeName(join(root, "heat"))).toBe(join(root, "heat-2"));
    mkdirSync(join(root, ".heat-2.partial"));
    expect(await freeName(join(root, "heat"))).toBe(join(root, "heat-3"));
    expect(await interruptedName(join(root, "heat"))).toBe(join(root, "heat-2"));
  });
});

describe("checkpoint", () => {
  const frame = (t: number): SavedFrame => ({
    t,
    index: 10 * t,
    measure: { rep: "cells", rho: Float64Array.of(t, Number.NaN, -0, 5e-324) } as SavedFrame["measure"],
  });
  const checkpoint = (frames: number): Checkpoint => ({
    version: 2,
    t: 0.1,
    dt: 0.01,
    index: 10,
    rejected: 0,
    energy: -0,
    rows: { "measure.rho": Float64Array.of(1, Number.NaN, -0, 5e-324), "memory.x": Float32Array.of(0.1) },
    frames: Array.from({ length: frames }, (_, k) => frame(k)),
    watchers: [{ memory: { list: [Number.POSITIVE_INFINITY, null], nested: { a: undefined } }, next: Number.NaN, seen: -1 }],
  });
  const place = (): string => mkdtempSync(join(root, "checkpoint-"));
  test("reads back to the same bits, -0, NaN and denormals included", async () => {
    const folder = place();
    expect(await readCheckpoint(folder)).toBeUndefined();
    await checkpointSaver(folder)(checkpoint(3));
    const back = (await readCheckpoint(folder))!;
    expect(back).toEqual(checkpoint(3));
    expect(Object.is(back.energy, -0)).toBe(true);
    expect(Object.is(back.rows["measure.rho"][2], -0)).toBe(true);
    expect(back.rows["memory.x"]).toBeInstanceOf(Float32Array);
  });
  test("a frame is written once: later checkpoints append, and the checkpoint itself does not grow with them", async () => {
    const folder = place();
    const save = checkpointSaver(folder);
    await save(checkpoint(2));
    const [first, small] = [join(folder, "checkpoint.frames/0"), statSync(join(folder, "checkpoint")).size];
    utimesSync(first, 1, 1);
    await save(checkpoint(4));
    expect(statSync(first).mtimeMs).toBe(1000);
    expect(readdirSync(join(folder, "checkpoint.frames")).sort()).toEqual(["0", "1", "2", "3"]);
    expect(statSync(join(folder, "checkpoint")).size - small).toBeLessThan(2 * 80); // a digest each
    const resumed = (await readCheckpoint(folder))!;
    expect(resumed.frames).toEqual(checkpoint(4).frames);
    await checkpointSaver(folder, 4)({ ...resumed, frames: [...resumed.frames, frame(4)] });
    expect((await readCheckpoint(folder))!.frames).toEqual(checkpoint(5).frames);
    expect(statSync(first).mtimeMs).toBe(1000);
  });
  test("killed between its frames and itself, the checkpoint before holds", async () => {
    const folder = place();
    await checkpointSaver(folder)(checkpoint(2));
    const before = readFileSync(join(folder, "checkpoint"));
    await checkpointSaver(folder)(checkpoint(3));
    writeFileSync(join(folder, "checkpoint"), before);
    expect((await readCheckpoint(folder))!.frames.length).toBe(2);
  });
  test("one flipped bit, a torn end, another file, a missing or exchanged frame are noticed", async () => {
    const folder = place();
    await checkpointSaver(folder)(checkpoint(2));
    for (const name of ["checkpoint", "checkpoint.frames/1"]) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const flipped = Uint8Array.from(bytes);
      flipped[60] ^= 1;
      for (const [damaged, says] of [
        [flipped, /damaged/],
        [bytes.subarray(0, -1), /damaged/],
        [bytes.subarray(0, 20), /not a checkpoint/],
        [new Uint8Array(100), /not a checkpoint/],
      ] as const) {
        writeFileSync(path, damaged);
        await expect(readCheckpoint(folder)).rejects.toThrow(says);
      }
      writeFileSync(path, bytes);
    }
    copyFileSync(join(folder, "checkpoint.frames/0"), join(folder, "checkpoint.frames/1"));
    await expect(readCheckpoint(folder)).rejects.toThrow(/another checkpoint/);
    rmSync(join(folder, "checkpoint.frames/1"));
    await expect(readCheckpoint(folder)).rejects.toThrow(/frame 1 of the checkpoint is missing/);
  });
});

describe("files of a spec", () => {
  const source = (folder: string): { folder: string; copies: Map<string, string> } => ({ folder, copies: new Map() });
  test("are read beside the spec and below, nowhere else", async () => {
    mkdirSync(join(root, "spec/data"), { recursive: true });
    writeFileSync(join(root, "spec/data/x.csv"), "1");
    writeFileSync(join(root, "secret"), "2");
    symlinkSync(join(root, "secret"), join(root, "spec/link.csv"));
    const read = fileReader(source(join(root, "spec")));
    expect([...(await read("data/x.csv"))]).toEqual([49]);
    for (const path of ["../secret", join(root, "secret"), "link.csv", "/etc/hostname", "data/../../secret"])
      await expect(read(path)).rejects.toThrow(/outside the folder/);
    await expect(read("nothing.csv")).rejects.toThrow(/no such file/);
    await expect(read("data")).rejects.toThrow(/ordinary file|folder/);
    await expect(read("a\0b")).rejects.toThrow(/not a path/);
    const opened = fileReader(source(join(root, "spec")), [root]);
    expect([...(await opened("../secret"))]).toEqual([50]);
    expect([...(await opened(join(root, "secret")))]).toEqual([50]);
  });
  test("a run folder reads its own copies, and a forged list does not lead out", async () => {
    mkdirSync(join(root, "run/inputs"), { recursive: true });
    writeFileSync(join(root, "run/inputs/ab-x.npz"), "3");
    const copies = new Map([
      ["/far/x.npz", "inputs/ab-x.npz"],
      ["y", "../../etc/passwd"],
    ]);
    expect([...(await fileReader({ folder: join(root, "run"), copies })("/far/x.npz"))]).toEqual([51]);
    await expect(fileReader({ folder: join(root, "run"), copies })("y")).rejects.toThrow(/outside|no such file/);
  });
  test("a named pipe does not hang", async () => {
    const { execFileSync } = await import("node:child_process");
    execFileSync("mkfifo", [join(root, "pipe.csv")]);
    await expect(fileReader(source(root))("pipe.csv")).rejects.toThrow(/ordinary file/);
  });
});

describe("spec.json", () => {
  test("of a run folder is a spec again: engine and inputs are taken off", async () => {
    const inputs = [
      { path: "/far/x.npz", bytes: Uint8Array.of(1) },
      { path: "data/y.csv", bytes: Uint8Array.of(2) },
    ];
    writeFileSync(join(root, "spec.json"), specText({ ...resolved, inputs }));
    writeFileSync(join(root, "certificate.json"), "{}");
    const back = await readSpec(root, testTerminal("/"));
    expect(back.json).toEqual(resolved.spec);
    expect(back.copies.get("data/y.csv")).toBe("inputs/data/y.csv");
    expect(back.copies.get("/far/x.npz")).toMatch(/^inputs\/[0-9a-f]{8}-x\.npz$/);
  });
  test("digests are those of the bytes (SHA-256 of one zero byte, FIPS 180-4 example by an independent tool)", () => {
    expect(inputFiles({ ...resolved, inputs: [{ path: "z", bytes: Uint8Array.of(0) }] })[0].sha256).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
  });
  test("what is no JSON, no text or no file is said with its name", async () => {
    writeFileSync(join(root, "bad.json"), "{,");
    writeFileSync(join(root, "bin.json"), Uint8Array.of(0xff, 0xfe));
    await expect(readSpec("bad.json", testTerminal(root))).rejects.toThrow(/bad\.json: .*not valid JSON/);
    await expect(readSpec("bin.json", testTerminal(root))).rejects.toThrow(/not UTF-8/);
    await expect(readSpec("none.json", testTerminal(root))).rejects.toThrow(/none\.json: there is no such file/);
  });
});
