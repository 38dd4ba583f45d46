import { expect, test } from "vitest";
import { turns } from "./turns.ts";

test("who asked before one that has been answered comes too late", () => {
  const asks = turns();
  const [first, second, third] = [asks(), asks(), asks()];
  expect(second.wanted()).toBe(true);
  expect(first.wanted()).toBe(false);
  expect(second.wanted()).toBe(true);
  expect(third.wanted()).toBe(true);
  expect(second.wanted()).toBe(false);
});
test("one that fails knows whether somebody else was asked since, and stops nobody", () => {
  const asks = turns();
  const [first, second] = [asks(), asks()];
  expect([first.latest(), second.latest()]).toEqual([false, true]);
  expect(first.wanted()).toBe(true);
  expect(second.latest()).toBe(true);
});
