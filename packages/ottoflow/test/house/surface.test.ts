import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type OutputChunk, rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { source, unitFiles } from "../../../../scripts/gen/units.mjs";

test("the names that `ottoflow` exports", async () => {
  expect(Object.keys(await import("../../src/index.ts")).sort()).toMatchInlineSnapshot(`
    [
      "OttoflowError",
      "allowOnly",
      "allowPairs",
      "circleCost",
      "cloud",
      "defineCertificate",
      "defineDrift",
      "defineEnergy",
      "defineExact",
      "defineExporter",
      "defineGeometry",
      "defineKernel",
      "defineLaw",
      "definePath",
      "defineProximal",
      "defineScheme",
      "defineSpace",
      "defineTransport",
      "exactGradient",
      "flow",
      "functionCost",
      "isOttoflowError",
      "jobOf",
      "knownOf",
      "lineCost",
      "pairCost",
      "parseSpec",
      "pathHolds",
      "placeholders",
      "powerCost",
      "resolvePath",
      "resolveSpec",
      "run",
      "runFlow",
      "runPath",
      "solve",
      "solvePath",
      "solversFor",
      "sphereCost",
      "tableCost",
      "transportProblem",
    ]
  `);
});

describe("what a page loads that imports `ottoflow`, before it runs anything", () => {
  let entry: OutputChunk[] = [];
  beforeAll(async () => {
    const build = await rolldown({ input: join(source, "index.ts"), platform: "browser", logLevel: "silent" });
    const { output } = await build.generate({ format: "esm", minify: true });
    await build.close();
    const chunks = new Map(output.filter((file) => file.type === "chunk").map((chunk) => [chunk.fileName, chunk]));
    const reach = (chunk: OutputChunk, seen: Set<OutputChunk>): Set<OutputChunk> => {
      if (!seen.has(chunk)) for (const name of seen.add(chunk) && chunk.imports) reach(chunks.get(name)!, seen);
      return seen;
    };
    entry = [...reach([...chunks.values()].find((chunk) => chunk.isEntry)!, new Set())];
  });
  test("no unit: those come when a spec names them", () => {
    const units = new Set(unitFiles().map((file: string) => join(source, file)));
    expect(units.size).toBeGreaterThan(10);
    expect(entry.flatMap((chunk) => chunk.moduleIds).filter((id) => units.has(id))).toEqual([]);
  });
  // 104 kB when this was set: kernels as WASM 36, engine 28, formulas 14, dense linear algebra 16, the front door of transport 3
  test("its size, minified and compressed", () => {
    const bytes = entry.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(110_000);
  });
});
