import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const specs = fileURLToPath(new URL("../../../../specs", import.meta.url));
const names = ["", "paths/"].flatMap((folder) =>
  readdirSync(join(specs, folder))
    .filter((file) => file.endsWith(".json"))
    .map((file) => folder + file),
);
test.each(names)("%s says in a title, a summary and two sentences what it is and what to watch", (name) => {
  const { title, summary, watch } = JSON.parse(readFileSync(join(specs, name), "utf8"));
  expect(title).toMatch(/^\p{Lu}.{7,79}[^.]$/u);
  expect(summary).toMatch(/^\p{Lu}.{30,}\.$/u);
  const sentences = [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(watch)];
  expect(sentences.length).toBeGreaterThanOrEqual(2);
  expect(sentences.length).toBeLessThanOrEqual(3);
});
