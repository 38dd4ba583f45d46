import { expect, test } from "vitest";
import { left } from "./left.ts";

test("what is left of a run is said in words that fit its length, and not at all while it is short or nothing is known", () => {
  expect([left(1, 0.01), left(10, 0.9), left(3, 0)]).toEqual(["", "", ""]);
  // 10 s for a quarter: 30 s are left
  expect(left(10, 0.25)).toBe("about 30 s left");
  expect(left(10, 0.1)).toBe("about 2 min left");
  expect(left(36, 0.01)).toBe("about 59 min left");
  expect(left(40, 0.001)).toBe("about 11 h left");
  expect(left(60, 1e-4)).toBe("about 7 days left");
  expect(left(60, 1e-12)).toBe("more than a year left");
  expect(left(9, 0)).toBe("no step yet");
});
