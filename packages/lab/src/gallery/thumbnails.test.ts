import { readdirSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";

const specs = new URL("../../../../specs/", import.meta.url);
const pictures = new URL("thumbnails/", import.meta.url);
const names = ["", "paths/"].flatMap((folder) =>
  readdirSync(new URL(folder, specs))
    .filter((name) => name.endsWith(".json"))
    .map((name) => folder + name.replace(/\.json$/, "")),
);

test("every card has a picture of a few kilobytes (node scripts/thumbnails.mjs NAME makes one), a title, a summary and what to watch", () => {
  const files = readdirSync(pictures);
  for (const name of names) {
    const own = files.filter((file) => file.startsWith(`${name.replaceAll("/", "--")}.`));
    expect([name, own.length]).toEqual([name, 1]);
    expect(statSync(new URL(own[0]!, pictures)).size).toBeLessThan(8000);
    const spec = JSON.parse(readFileSync(new URL(`${name}.json`, specs), "utf8"));
    expect([name, typeof spec.title, typeof spec.summary, typeof spec.watch]).toEqual([name, "string", "string", "string"]);
  }
  expect(files.length).toBe(names.length);
});
test("a spec that wants to be seen side by side has a second variant", () => {
  for (const name of names) {
    const { tags, variants } = JSON.parse(readFileSync(new URL(`${name}.json`, specs), "utf8"));
    if (tags?.includes("side by side")) expect([name, Object.keys(variants).length >= 2]).toEqual([name, true]);
  }
});
