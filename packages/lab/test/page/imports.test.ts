/// <reference lib="dom" />
/** Files that people drop: pictures, tables and arrays start a flow with the numbers of the command; broken and hostile ones are refused in words, and nothing is lost. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { command, numbers, plane, specs } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, next, reading, saved, soon } from "./visit.ts";

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}
const data = (name: string): Uint8Array => new Uint8Array(readFileSync(join(specs, "data", name)));
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** An array of doubles as NEP 1 writes it. */
function npy(shape: string, values: readonly number[], descr = "'<f8'"): Uint8Array {
  const head = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117).concat("\n");
  const bytes = Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length, 0]),
    Buffer.from(head, "latin1"),
    Buffer.from(Float64Array.from(values).buffer),
  ]);
  return new Uint8Array(bytes);
}
/** A PNG that says it has this many pixels. */
function giantPng(): Uint8Array {
  const bytes = data("digit-3.png").slice();
  new DataView(bytes.buffer).setUint32(16, 100_000);
  new DataView(bytes.buffer).setUint32(20, 100_000);
  return bytes;
}
const circle = Array.from({ length: 60 }, (_, i) => [Math.cos(i), 0.8 * Math.sin(i)] as const);

onSite("files that are opened", ({ ended }) => {
  const at = (act: (page: Page) => Promise<void>): Promise<void> => ended(plane, act);
  const give = (page: Page, { name, bytes }: File): Promise<void> =>
    page.locator("header input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });

  const good: readonly File[] = [
    { name: "three.png", bytes: data("digit-3.png") },
    { name: "boats.JPG", bytes: data("boats.jpg") },
    { name: "circle.npy", bytes: npy("(60, 2)", circle.flat()) },
    { name: "circle.npz", bytes: zipSync({ "x.npy": npy("(60, 2)", circle.flat()) }) },
    { name: "circle.tsv", bytes: text(`who\tx\ty\n${circle.map(([x, y], i) => `p${i}\t${x}\t${y}`).join("\n")}\n`) },
    { name: "circle.csv", bytes: text(circle.map((p) => p.join(",")).join("\r\n")) },
  ];
  test("pictures, arrays and tables start the flow, and the command has the same numbers from its bundle; the same points by any format are the same flow", () =>
    at(async (page) => {
      const energies: number[] = [];
      for (const file of good) {
        const found = numbers(await next(page, () => give(page, file)));
        expect(await page.locator(".notice").textContent()).toContain(`The flow starts from ${file.name}`);
        await button(page, "Share").click();
        const bundle = await saved(page, () => button(page, "Save the bundle").click());
        await page.keyboard.press("Escape");
        expect(found, file.name).toEqual(await command(unzipSync(bundle.bytes)));
        energies.push(found.energy);
      }
      // two pictures, and four times the same points
      expect(new Set(energies).size).toBe(3);
      expect(new Set(energies.slice(2)).size).toBe(1);
    }));

  const png = data("digit-8.png");
  const jpg = data("boats.jpg");
  const object = npy("(1,)", [0], "'|O'");
  /** refused before the flow is touched */
  const refused = (bomb: Uint8Array): readonly (readonly [file: File, says: RegExp])[] => [
    [{ name: "a.exe", bytes: text("MZ") }, /ending "exe"/],
    [{ name: "none", bytes: text("x") }, /ending ""/],
    [{ name: "empty.csv", bytes: text("") }, /empty\.csv/],
    [{ name: "words.csv", bytes: text("a,b\nc,d\ne,f\n") }, /words\.csv/],
    [{ name: "one.csv", bytes: text("x\n1\n2\n") }, /1 columns of numbers when this flow has 2/],
    [{ name: "ragged.csv", bytes: text("x,y\n1,2\n3\n") }, /ragged\.csv/],
    [{ name: "nan.csv", bytes: text("x,y\n1,2\nNaN,3\n") }, /nan\.csv/],
    [{ name: "infinite.csv", bytes: text("x,y\n1,2\n1e999,3\n") }, /infinite\.csv/],
    [{ name: "picture.csv", bytes: png }, /picture\.csv/],
    [{ name: "objects.npy", bytes: object }, /objects\.npy/],
    [{ name: "cut.npy", bytes: npy("(60, 2)", circle.flat()).slice(0, 300) }, /cut\.npy/],
    [{ name: "giant.npy", bytes: npy("(4000000000, 2)", [1, 2]) }, /giant\.npy/],
    [{ name: "negative.npy", bytes: npy("(-1, 2)", [1, 2]) }, /negative\.npy/],
    [{ name: "nan.npy", bytes: npy("(1, 2)", [Number.NaN, 2]) }, /nan\.npy/],
    [{ name: "code.npy", bytes: npy("__import__('os').system('true')", [1, 2]) }, /code\.npy/],
    [{ name: "no.npy", bytes: text("PK") }, /no\.npy/],
    [{ name: "no.npz", bytes: text("no zip") }, /no\.npz/],
    [{ name: "bomb.npz", bytes: bomb }, /bomb\.npz/],
    [{ name: "list.json", bytes: text("[1]") }, /no JSON object/],
    [{ name: "cut.json", bytes: text('{"energy": [') }, /no JSON/],
    [{ name: "latin.json", bytes: Uint8Array.of(0x7b, 0xff, 0x7d) }, /no JSON/],
    [{ name: "deep.json", bytes: text(`{"energy":${"[".repeat(200_000)}${"]".repeat(200_000)}}`) }, /without end/],
    [{ name: "no.zip", bytes: text("no zip") }, /no zip/],
    [{ name: "out.zip", bytes: zipSync({ "spec.json": text("{}"), "../../x": text("1") }) }, /leads out/],
    [{ name: "bare.zip", bytes: zipSync({ "x.csv": text("1") }) }, /no spec\.json/],
    [{ name: "bomb.zip", bytes: bomb }, /unpacks to more/],
  ];
  test("what cannot be a start is refused in words, and the flow that stands is not touched", () =>
    at(async (page) => {
      const first = await reading(page);
      // both a bundle and arrays, of which either unpacks to 300 MiB
      const bomb = zipSync({ "spec.json": text("{}"), "x.npy": new Uint8Array(300 * 1024 * 1024) });
      for (const [file, says] of refused(bomb)) {
        await give(page, file);
        await soon(() => page.locator(".notice").textContent(), file.name).toMatch(says);
        expect([file.name, await page.locator(".notice").textContent()]).toEqual([file.name, expect.stringMatching(/could not be taken/)]);
        await button(page, "Dismiss").click();
      }
      expect(await button(page, "Undo").isDisabled()).toBe(true);
      expect(await reading(page)).toEqual(first);
    }));

  /** refused by the engine, which reads pictures */
  const broken: readonly (readonly [file: File, says: RegExp])[] = [
    [{ name: "cut.png", bytes: png.slice(0, png.length >> 1) }, /cut\.png/],
    [{ name: "flipped.png", bytes: png.map((b, i) => (i === png.length - 30 ? b ^ 255 : b)) }, /flipped\.png/],
    [{ name: "giant.png", bytes: giantPng() }, /giant\.png.*pixels/],
    [{ name: "page.png", bytes: text("<svg onload='alert(1)'/>") }, /neither PNG nor JPEG/],
    [{ name: "empty.png", bytes: text("") }, /empty\.png/],
    [{ name: "chunks.png", bytes: Buffer.concat([png.slice(0, 33), deflateSync(Buffer.alloc(100))]) }, /chunks\.png/],
    [{ name: "cut.jpg", bytes: jpg.slice(0, 200) }, /cut\.jpg/],
    [{ name: "half.jpg", bytes: jpg.slice(0, jpg.length >> 1) }, /half\.jpg/],
  ];
  test("pictures that cannot be read are refused at their place; the last flow stays in sight, and undo brings it back", () =>
    at(async (page) => {
      const first = await reading(page);
      for (const [file, says] of broken) {
        await give(page, file);
        const alert = page.locator(".stage [role=alert]");
        await soon(() => alert.textContent(), file.name).toMatch(says);
        expect(await alert.textContent()).toContain("The last flow is still shown");
        expect(await next(page, () => alert.getByRole("button", { name: "Undo the change" }).click())).toEqual(first);
      }
    }));
});
