import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Act = (event: { waitUntil(done: Promise<unknown>): void }) => void;
const text = readFileSync(new URL("./service.js", import.meta.url), "utf8");
/** A version of the service over caches that all versions share, as the browser runs it. */
function version(number: number, kept: Map<string, string[]>) {
  const acts: Record<string, Act> = {};
  let takesOver = false;
  const self = {
    addEventListener: (type: string, act: Act) => void (acts[type] = act),
    skipWaiting: async () => void (takesOver = true),
    clients: { claim: async () => undefined },
  };
  const caches = {
    open: async (name: string) => ({ addAll: async (files: string[]) => void kept.set(name, files) }),
    keys: async () => [...kept.keys()],
    delete: async (name: string) => kept.delete(name),
  };
  const source = text.replace("VERSION", `v${number}`).replace('"FILES"', `"assets/part-v${number}.js"`);
  new Function("self", "caches", source)(self, caches);
  const on = async (type: "install" | "activate"): Promise<void> => {
    const waits: Promise<unknown>[] = [];
    acts[type]!({ waitUntil: (done) => void waits.push(done) });
    await Promise.all(waits);
  };
  return { install: () => on("install"), activate: () => on("activate"), takesOver: () => takesOver };
}

test("a newer version leaves the parts of the page that is open until that has been closed", async () => {
  const kept = new Map<string, string[]>();
  const [old, next] = [version(1, kept), version(2, kept)];
  await old.install();
  await old.activate();
  await next.install();
  // the browser activates what does not ask for more once the last page of the old version is closed
  expect(next.takesOver()).toBe(false);
  expect([...kept.values()].flat()).toEqual(["assets/part-v1.js", "assets/part-v2.js"]);
  await next.activate();
  expect([...kept.values()].flat()).toEqual(["assets/part-v2.js"]);
});
