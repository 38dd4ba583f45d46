/// <reference lib="dom" />
/** The whole way of one flow: painted, run, shared, replayed by somebody else, exported, and run by the command to the same bits. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { readNpy } from "ottoflow/data/npy";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { linkOf, ran } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, next, opened, type Reading, reading, saved, shared } from "./visit.ts";

/** what the first person starts from: an empty-handed flow in the plane, to be painted over */
const sheet = {
  version: 1,
  title: "A painted flow",
  energy: [
    { kind: "entropy", temperature: 0.1 },
    { kind: "potential", formula: "(x^2 - 1)^2 + y^2" },
  ],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [32, 24] },
  initial: { kind: "gaussian", deviation: [0.3] },
  scheme: { kind: "finite-volume", step: 0.02 },
  until: 0.4,
};
async function stroke(page: Page): Promise<void> {
  const box = (await page.getByRole("application").boundingBox())!;
  const at = (u: number, v: number): [number, number] => [box.x + u * box.width, box.y + v * box.height];
  await page.mouse.move(...at(0.42, 0.35));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.6), { steps: 6 });
  await page.mouse.move(...at(0.58, 0.4), { steps: 6 });
  await page.mouse.up();
}
const playing = (page: Page, film: Uint8Array): Promise<{ seconds: number; width: number }> =>
  page.evaluate(async (bytes) => {
    const video = document.createElement("video");
    video.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: "video/mp4" }));
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    return { seconds: video.duration, width: video.videoWidth };
  }, Array.from(film));
/** How many samples the table of sizes in an MP4 file counts [ISO 14496-12, 8.7.3.2]. */
function pictures(film: Uint8Array): number {
  const at = Buffer.from(film).indexOf("stsz");
  return at < 0 ? 0 : new DataView(film.buffer, film.byteOffset).getUint32(at + 12);
}
/** The densities that the command exports. */
function exported(cwd: string): ReturnType<typeof readNpy> {
  const file = readdirSync(join(cwd, "out")).find((name) => name.endsWith(".npz")) as string;
  const bytes = unzipSync(new Uint8Array(readFileSync(join(cwd, "out", file))))["density.npy"]!;
  return readNpy({ path: "density.npy", bytes });
}

onSite("a journey", ({ on }) => {
  test("painted, run, replayed from its link in another profile, exported as MP4 and NPY, run by the command to the same bits", async () => {
    let first: Reading | null = null;
    let link = "";
    await on(linkOf(sheet), async ({ page }) => {
      const unpainted = await reading(page);
      await opened(page);
      await button(page, "Paint").click();
      first = await next(page, () => stroke(page));
      await button(page, "Done").click();
      expect(first.certified).toBe(true);
      expect(first.time).toBe(sheet.until);
      expect(first.energy).not.toBe(unpainted.energy);
      link = await shared(page);
    });

    const got: Record<"npy" | "film" | "spec", Uint8Array> = { npy: new Uint8Array(), film: new Uint8Array(), spec: new Uint8Array() };
    await on(link, async ({ page }) => {
      expect(await reading(page)).toEqual(first);
      await page.keyboard.press("End");
      await button(page, "Export").click();
      const panel = page.getByRole("dialog", { name: "Export" });
      const download = async (name: string): Promise<Uint8Array> => (await saved(page, () => panel.getByRole("button", { name, exact: true }).click())).bytes;
      got.npy = await download("NPY");
      await page.getByLabel("seconds").fill("1");
      await page.getByLabel("pictures a second").selectOption("12");
      got.film = await download("MP4");
      got.spec = await download("Spec");
      // the browser's own player reads the film: it lasts a second, and every picture is in it
      const played = await playing(page, got.film);
      expect(played.seconds).toBeCloseTo(1, 3);
      expect(played.width).toBeGreaterThan(200);
      expect(pictures(got.film)).toBe(12);
    });

    const { said, taken: density } = await ran({ "spec.json": got.spec }, ["--out", "out", "--export", "npz"], exported);
    const { energy, mass, time, steps } = first as unknown as Reading;
    expect(said).toMatchObject({ energy, mass, time, steps });
    const last = readNpy({ path: "last.npy", bytes: got.npy });
    expect(last.shape).toEqual(density.shape.slice(1));
    const size = last.values.length;
    expect(size).toBe(32 * 24);
    expect(Array.from(last.values)).toEqual(Array.from(density.values).slice(-size));
  });
});
