// npm run build first; node scripts/transport-pictures.mjs: the pictures of docs/transport.md, by the commands that stand beside them there.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "jpeg-js";
import { readImage } from "ottoflow/data/image";
import { main, root, run } from "./shell.mjs";

const pictures = join(root, "docs/pictures");
const width = 320;
const data = (name) => join(root, "specs/data", name);
const read = (path) => readImage({ path, bytes: new Uint8Array(readFileSync(path)) });

/** Smaller by means over the pixels that each new one covers. */
function smaller({ width: w, height: h, rgba }) {
  const height = Math.round((h * width) / w);
  const out = new Uint8Array(4 * width * height).fill(255);
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const [left, right] = [Math.floor((i * w) / width), Math.max(Math.floor(((i + 1) * w) / width), Math.floor((i * w) / width) + 1)];
      const [top, bottom] = [Math.floor((j * h) / height), Math.max(Math.floor(((j + 1) * h) / height), Math.floor((j * h) / height) + 1)];
      for (let c = 0; c < 3; c++) {
        let s = 0;
        for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) s += rgba[4 * (y * w + x) + c];
        out[4 * (j * width + i) + c] = Math.round((255 * s) / ((right - left) * (bottom - top)));
      }
    }
  return { width, height, rgba: out };
}
/** Pictures side by side, tops in line. */
function beside(list, gap = 8) {
  const height = Math.max(...list.map((p) => p.height));
  const all = list.length * width + (list.length - 1) * gap;
  const out = new Uint8Array(4 * all * height).fill(255);
  for (const [k, p] of list.entries())
    for (let j = 0; j < p.height; j++) out.set(p.rgba.subarray(4 * j * width, 4 * (j + 1) * width), 4 * (j * all + k * (width + gap)));
  return { width: all, height, data: out };
}

await main(async () => {
  const place = mkdtempSync(join(tmpdir(), "ottoflow-pictures-"));
  const ottoflow = (...words) => run(process.execPath, [join(root, "packages/cli/bin/ottoflow.js"), "transport", ...words, "--quiet"]);
  mkdirSync(pictures, { recursive: true });
  try {
    ottoflow(data("digit-3.png"), data("digit-8.png"), "--as", "lightness", "--steps", "6", "--out", join(place, "digits"));
    copyFileSync(join(place, "digits/interpolation.svg"), join(pictures, "digits.svg"));
    ottoflow(data("allium.jpg"), data("boats.jpg"), "--as", "colours", "--out", join(place, "colours"));
    const strip = beside([data("allium.jpg"), data("boats.jpg"), join(place, "colours/recoloured.png")].map((path) => smaller(read(path))));
    writeFileSync(join(pictures, "colours.jpg"), encode(strip, 85).data);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
