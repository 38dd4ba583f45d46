import { expect, test } from "vitest";
import { breath } from "./breath.ts";

test("all who draw breath at the same time go on, in turn", async () => {
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((k) => breath().then(() => order.push(k))));
  expect(order).toEqual([1, 2, 3]);
});
