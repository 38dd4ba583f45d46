// What a picture of the book remembers of its origin: a digest of its program and of the specs that this reads.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const specFolder = fileURLToPath(new URL("../../specs/", import.meta.url));
/** where pictures are */
export const pictures = fileURLToPath(new URL("../../docs/book/figures/", import.meta.url));
/** what is no picture's program */
const shared = ["mark", "kit"];

/** Names of all pictures that have a program. */
export const programs = () =>
  readdirSync(here)
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => file.slice(0, -4))
    .filter((name) => !shared.includes(name))
    .sort();

/** A picture as it stands; null where there is none. */
export function pictureOf(name) {
  try {
    return readFileSync(`${pictures}${name}.svg`, "utf8");
  } catch {
    return null;
  }
}

/** The line that a fresh picture carries. @param specs names of the specs that its program reads */
export function markOf(name, specs = []) {
  const hash = createHash("sha256");
  const texts = [`${here}${name}.mjs`, ...specs.map((spec) => `${specFolder}${spec}.json`)].map((path) => readFileSync(path, "utf8").replaceAll("\r\n", "\n"));
  for (const text of texts) hash.update(text).update("\0");
  return `made by scripts/figures/${name}.mjs, ${hash.digest("hex").slice(0, 16)}`;
}
