/// <reference types="vite/client" />
import { describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { run } from "../../src/index.ts";
import { digestOf } from "./digest.ts";

/**
 * One spec, one result: every flow of the gallery, in its quick form, ends with the same bits in this browser and in Node.
 * Node runs the built library, the browser the sources.
 */
const specs = import.meta.glob("../../../../specs/*.json", { eager: true, import: "default" }) as Record<string, object>;
const files = import.meta.glob("../../../../specs/data/*", { query: "?url", import: "default", eager: true }) as Record<string, string>;
const read = async (path: string): Promise<Uint8Array> => {
  const url = Object.entries(files).find(([name]) => name.endsWith(`/specs/${path}`))?.[1];
  if (url === undefined) throw new Error(`There is no specs/${path}.`);
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
};

describe("the same bits in the browser and in Node", () => {
  test.each(Object.entries(specs).map(([path, spec]) => [path.split("/").at(-1)!, spec] as const))("%s", async (name, spec) => {
    const here = digestOf(await run(spec, { quick: true, read }));
    expect(here.rows.length).toBeGreaterThan(2);
    expect(here).toEqual(await commands.runInNode(name));
  });
  test("and another seed gives other bits, or this comparison would say nothing", async () => {
    const name = "double-well-langevin.json";
    const spec = Object.entries(specs).find(([path]) => path.endsWith(name))![1];
    const [here, there] = [digestOf(await run({ ...spec, seed: 2 }, { quick: true, read })), await commands.runInNode(name)];
    expect(here.rows.map(([row, length]) => [row, length])).toEqual(there.rows.map(([row, length]) => [row, length]));
    expect(here.rows.find(([row]) => row === "x")).not.toEqual(there.rows.find(([row]) => row === "x"));
  });
});

declare module "vitest/browser" {
  interface BrowserCommands {
    runInNode(spec: string): Promise<ReturnType<typeof digestOf>>;
  }
}
