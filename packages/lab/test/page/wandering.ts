/** One run that is exported in every way: its mass moves across the stage, so that its frames are told apart. */
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, saved } from "./visit.ts";

export const wandering = {
  version: 1,
  title: "A wandering <mass> & more",
  energy: [
    { kind: "entropy", temperature: 0.05 },
    { kind: "potential", formula: "2*(x-1)^2 + (y-0.5)^2" },
  ],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [24, 20] },
  initial: { kind: "gaussian", mean: [-1, -0.8], deviation: [0.2] },
  scheme: { kind: "finite-volume", step: 0.05 },
  until: 0.5,
  observe: { frames: { every: 0.05 } },
};
export const size = { viewport: { width: 1000, height: 620 } };

/** What a button of the panel for exports saves. */
export const exported = async (page: Page, name: string): Promise<Uint8Array> => (await saved(page, () => button(page, name).click())).bytes;

/** Keys go to the page, not to a control. */
export async function key(page: Page, name: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press(name);
}
export interface Npy {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
/** NEP 1, by its text: magic, version, length, a Python literal, then the numbers. */
export function readNpy(bytes: Uint8Array): Npy {
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const head = new TextDecoder().decode(bytes.subarray(10, start));
  const match = /^\{'descr': '<f8', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n$/.exec(head)!;
  expect(match, head).not.toBeNull();
  expect(start % 16).toBe(0);
  const shape = match[1]!
    .split(",")
    .filter((n) => n.trim() !== "")
    .map(Number);
  const values = Array.from({ length: (bytes.length - start) / 8 }, (_, i) => view.getFloat64(start + 8 * i, true));
  expect(values.length).toBe(shape.reduce((a, b) => a * b, 1));
  return { shape, values };
}
/** All arrays of the run, by name. */
export const arraysOf = async (page: Page): Promise<Readonly<Record<string, Npy>>> =>
  Object.fromEntries(Object.entries(unzipSync(await exported(page, "NPZ"))).map(([name, bytes]) => [name.replace(/\.npy$/, ""), readNpy(bytes)]));
