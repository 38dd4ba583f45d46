import type { Host } from "ottoflow/contract";
import { beforeAll, expect, test, vi } from "vitest";
import { lendHost } from "./host.ts";

/** More rows than a first flow may have without kernels; looks for threads. */
const open = (host: Host): unknown => [host.alloc(100_000), host.pool];
const ended: string[] = [];
/** A worker of threads that the network does not bring, but for the first. */
class Missing {
  static made = 0;
  private readonly name: string = `thread ${++Missing.made}`;
  onmessage: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  postMessage(): void {
    setTimeout(() => (this.name === "thread 1" ? this.onmessage?.({}) : this.onerror?.({ message: "", preventDefault: () => undefined })));
  }
  terminate(): void {
    ended.push(this.name);
  }
}
beforeAll(() => {
  vi.stubGlobal("crossOriginIsolated", true);
  vi.stubGlobal("Worker", Missing);
  return () => vi.unstubAllGlobals();
});

test("where a thread cannot be loaded, the run goes on without, and the others end", { timeout: 60_000 }, async () => {
  const { host, threads } = await lendHost(open, 3);
  expect(threads).toBe(1);
  expect(host.pool).toBeUndefined();
  expect(host.alloc(10)).toHaveLength(10);
  expect(ended.sort()).toEqual(["thread 1", "thread 2"]);
});
