import { expect } from "vitest";
import { isOttoflowError } from "../src/errors.ts";

/** A call that is refused in words, by an error that carries its tag. */
export function expectTagged(call: () => unknown, says: RegExp): void {
  let thrown: unknown = null;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(isOttoflowError(thrown)).toBe(true);
  expect((thrown as Error).message).toMatch(says);
}
