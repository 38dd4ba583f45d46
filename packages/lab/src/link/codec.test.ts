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
])("%s is refused in words", async (what, given) => {
  const pack = async (text: string): Promise<string> => {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    return `#1.${Buffer.from(bytes).toString("base64url")}`;
  };
  const links: Record<string, () => Promise<string>> = {
    cut: async () => (await encodeLink({ spec: { a: "x".repeat(500), b: Array.from({ length: 50 }, (_, i) => i) } })).slice(0, -12),
    number: () => pack("7"),
    empty: () => pack('{"view":{}}'),
    bomb: () => pack(" ".repeat(MOST_TEXT + 10)),
  };
  const link = links[given] ? await links[given]() : given;
  await expect(decodeLink(link), what).rejects.toBeInstanceOf(LinkError);
});
