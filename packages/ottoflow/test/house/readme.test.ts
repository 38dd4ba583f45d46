import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../src/run.ts";

/** The README's program, run as it stands but for where `ottoflow` is found. */
test("the TypeScript of the README runs and prints what it promises", async () => {
  const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
  const [, block] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const line = 'import { run } from "ottoflow";\n';
  expect(block).toContain(line);
  const lines: unknown[][] = [];
  const body = `return (async () => {${block!.replace(line, "")}})()`;
  await new Function("run", "console", body)(run, { log: (...words: unknown[]) => lines.push(words) });
  expect(lines[0]).toEqual(["reached-end", true]);
  const verdicts = Object.fromEntries(lines.slice(1).map(([verdict, title]) => [title, verdict]));
  expect(verdicts).toMatchObject({
    "mass is kept": "pass",
    "density stays non-negative": "pass",
    "energy never rises": expect.stringMatching(/pass|reported/),
    "energy lost equals energy dissipated": "reported",
    "distance to the exact solution": "reported",
    "rate of convergence": "reported",
  });
  // the spectral reference: L1 distance of second order in cells of 0.015
  const distance = lines.find(([, title]) => title === "distance to the exact solution")![2] as number;
  expect(distance).toBeLessThan(1e-4);
});
