import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isHeard, readCommand, readControls, readPath, readWords } from "./protocol.ts";

describe("commands", () => {
  const of = (message: object) => readCommand({ ottoflow: 1, ...message });
  test("what is understood", () => {
    expect(of({ type: "play" })).toEqual({ type: "play" });
    expect(of({ type: "seek", t: 0.5 })).toEqual({ type: "seek", t: 0.5 });
    expect(of({ type: "set", path: "energy.0.temperature", value: 2 })).toEqual({ type: "set", path: ["energy", 0, "temperature"], value: 2 });
    const bytes = Uint8Array.of(1);
    expect(of({ type: "open", spec: { a: 1 }, files: { "a.csv": bytes }, hide: ["scheme", 3] })).toEqual({
      type: "open",
      spec: { a: 1 },
      files: { "a.csv": bytes },
      hide: ["scheme"],
    });
  });
  test.each([
    [{ type: "seek", t: Number.NaN }, /finite/],
    [{ type: "set", path: "__proto__.x", value: 1 }, /path/],
    [{ type: "set", path: "a.constructor.x", value: 1 }, /path/],
    [{ type: "set", path: "a", value: undefined }, /plain JSON/],
    [{ type: "set", path: "a", value: "x".repeat(300_000) }, /plain JSON/],
    [{ type: "open", spec: [] }, /needs a spec/],
    [{ type: "open", spec: {}, files: { a: "text" } }, /Uint8Arrays/],
    [{ type: "evaluate" }, /no command evaluate/],
  ])("%j is refused in words", (message, words) => {
    expect(of(message)).toMatch(words);
  });
  test("other traffic is let go, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(readCommand(data)).toBeNull();
      }),
    );
  });
  test("a value that refers to itself is refused, not followed", () => {
    const round: Record<string, unknown> = {};
    round.self = round;
    expect(of({ type: "set", path: "a", value: round })).toMatch(/plain JSON/);
  });
  test("values are copies: what the page does to its own later changes nothing here", () => {
    const value = { temperature: 1 };
    const command = of({ type: "set", path: "energy.0", value }) as { value: unknown };
    value.temperature = 9;
    expect(command.value).toEqual({ temperature: 1 });
  });
});

test("paths", () => {
  expect(readPath("until")).toEqual(["until"]);
  for (const wrong of ["", ".", "a..b", "0.a", "a b", 3, null, "a.".repeat(20)]) expect(readPath(wrong)).toBeNull();
});
test("attributes", () => {
  expect(readWords("initial, scheme  space")).toEqual(["initial", "scheme", "space"]);
  expect(readWords("<b>")).toEqual([]);
  expect(readControls(null)).toEqual(["law", "time"]);
  expect(readControls("none")).toEqual([]);
  expect(readControls("ledger time")).toEqual(["time", "ledger"]);
  expect(readControls("all")).toHaveLength(5);
});
test("only the page around is heard, of the named origin where one is named", () => {
  const around = {};
  expect(isHeard({ origin: "https://a.example", source: around }, around, null)).toBe(true);
  expect(isHeard({ origin: "https://a.example", source: around }, around, "https://a.example")).toBe(true);
  expect(isHeard({ origin: "https://b.example", source: around }, around, "https://a.example")).toBe(false);
  expect(isHeard({ origin: "https://a.example", source: {} }, around, null)).toBe(false);
});
