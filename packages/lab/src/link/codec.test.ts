import { deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLink, encodeLink, LinkError, MOST_TEXT } from "./codec.ts";

test("a link gives back the spec, the view and what is hidden, whatever they are", () =>
  fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.string(), { maxLength: 5 }), async (spec, hide) => {
      const again = await decodeLink(await encodeLink({ spec, hide }));
      expect(JSON.stringify(again)).toBe(JSON.stringify({ spec, hide }));
    }),
    { numRuns: 60 },
  ));
test("a spec of the gallery fits in a link of less than 1000 characters", async () => {
  const spec = {
    energy: [{ kind: "entropy" }, { kind: "potential", formula: "(x^2 - 1)^2" }],
    space: { kind: "box", lower: [-3], upper: [3], cells: [400] },
    initial: { kind: "gaussian", mean: [0], deviation: [0.05] },
    scheme: { kind: "finite-volume", time: "sdirk2", step: 0.005 },
    until: 10,
  };
  expect((await encodeLink({ spec })).length).toBeLessThan(1000);
});
/** A link of a version, by nothing of ours. */
const pack = (text: string, version = 1): Promise<string> => Promise.resolve(`#${version}.${deflateRawSync(text).toString("base64url")}`);

test("links of version 1 are read: the spec and what is hidden, and no view, which had no meaning then", async () => {
  const spec = { energy: ["entropy"], until: 1 };
  expect(await decodeLink(await pack(JSON.stringify({ spec, view: { anything: 1 }, hide: ["scheme"] })))).toEqual({ spec, hide: ["scheme"] });
});
test.each([
  ["nothing", "#"],
  ["another anchor", "#top"],
  ["a newer version", "#99.AAAA"],
  ["damage", "#1.AAAA"],
  ["forbidden characters", "#1.<script>"],
  ["a cut link", "cut"],
  ["no object", "number"],
  ["no spec", "empty"],
  ["a bomb", "bomb"],
  ["version nought", "#0.AAAA"],
  ["a spec that is a list", "list"],
  ["depth without end", "deep"],
  ["a giant view", "giant"],
  ["hidden parts that are no names", "hide"],
])("%s is refused in words", async (what, given) => {
  const links: Record<string, () => Promise<string>> = {
    cut: async () => (await encodeLink({ spec: { a: "x".repeat(500), b: Array.from({ length: 50 }, (_, i) => i) } })).slice(0, -12),
    number: () => pack("7"),
    empty: () => pack('{"view":{}}'),
    bomb: () => pack(" ".repeat(MOST_TEXT + 10)),
    list: () => pack('{"spec":[1]}'),
    deep: () => pack(`{"spec":{"a":${"[".repeat(400_000)}${"]".repeat(400_000)}}}`),
    giant: () => pack(JSON.stringify({ spec: {}, view: { tool: "x".repeat(30_000) } }), 2),
    hide: () => pack('{"spec":{},"hide":{"recipe":true}}'),
  };
  const link = links[given] ? await links[given]() : given;
  await expect(decodeLink(link), what).rejects.toBeInstanceOf(LinkError);
});
