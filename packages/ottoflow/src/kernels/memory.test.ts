import { expect, test } from "vitest";
import { isOttoflowError } from "../errors.ts";
import { measureHost } from "./host.ts";
import { openMemory } from "./memory.ts";
import { openHost } from "./open.ts";

test("a dry run tells the size that is then enough to the last byte", () => {
  const open = (host: { alloc(n: number): Float64Array; alloc32(n: number): Float32Array }) => [
    host.alloc(1001),
    host.alloc32(7),
    host.alloc(1),
    host.alloc(0),
  ];
  const dry = measureHost();
  open(dry);
  const host = openMemory({ bytes: dry.bytes });
  const rows = open(host);
  expect(host.used).toBe(dry.bytes);
  expect(rows.map((r) => r.byteOffset % 16)).toEqual([0, 0, 0, 0]);
  for (const [k, r] of rows.entries()) r.fill(k + 1);
  expect(rows.every((r, k) => r.every((v) => v === k + 1))).toBe(true);
});

test("more rows than the memory holds: LimitError with both numbers", () => {
  const host = openMemory({ bytes: 65536 });
  try {
    host.alloc(1e6);
    expect.unreachable();
  } catch (e) {
    expect(isOttoflowError(e, "LimitError")).toBe(true);
    expect(String(e)).toMatch(/8000000.*65536/);
  }
});

test("the host of a run lends what the dry open asked for in WASM memory, and ordinary rows after that", () => {
  const host = openHost((h) => [h.alloc(100_000), h.alloc32(3)]);
  const [a, b, late] = [host.alloc(100_000), host.alloc32(3), host.alloc(50_000)];
  expect(b.buffer).toBe(a.buffer);
  expect(late.buffer).not.toBe(a.buffer);
  expect(late.length).toBe(50_000);
});
