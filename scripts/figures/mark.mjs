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

const words = ["$schema", "title", "summary", "watch", "tags", "quick"];
/** What of a spec its numbers follow from: words and the ranges of sliders may change. */
function essence(spec) {
  const kept = Object.entries(spec).filter(([key]) => !words.includes(key));
  const value = (parameter) => parameter?.value ?? parameter;
  return Object.fromEntries(
    kept.map(([key, inner]) => {
      if (key === "parameters") return [key, Object.fromEntries(Object.entries(inner).map(([name, parameter]) => [name, value(parameter)]))];
      if (key === "variants") return [key, Object.fromEntries(Object.entries(inner).map(([name, patch]) => [name, essence(patch)]))];
      return [key, inner];
    }),
  );
}

/** The line that a fresh picture carries. @param specs names of the specs that its program reads */
export function markOf(name, specs = []) {
  const hash = createHash("sha256");
  hash.update(readFileSync(`${here}${name}.mjs`, "utf8").replaceAll("\r\n", "\n"));
  for (const spec of specs) hash.update(`\0${JSON.stringify(essence(JSON.parse(readFileSync(`${specFolder}${spec}.json`, "utf8"))))}`);
  return `made by scripts/figures/${name}.mjs, ${hash.digest("hex").slice(0, 16)}`;
}
