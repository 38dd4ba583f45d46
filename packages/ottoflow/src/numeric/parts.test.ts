import fc from "fast-check";
import { expect, test } from "vitest";
import { numbered, openParts } from "./parts.ts";

test("property: the parts are those that a walk along the pairs reaches", () => {
  const pair = fc.tuple(fc.nat(19), fc.nat(19));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 30 }), (pairs) => {
      const parts = openParts(20);
      for (const [i, j] of pairs) parts.join(i, j);
      const reached = (from: number): Set<number> => {
        const seen = new Set([from]);
        for (const i of seen)
          for (const [p, q] of pairs)
            for (const [a, b] of [
              [p, q],
              [q, p],
            ])
              if (a === i) seen.add(b!);
        return seen;
      };
      const all = Array.from({ length: 20 }, (_, i) => reached(i));
      const { part, parts: count } = numbered(parts, 20);
      for (let i = 0; i < 20; i++) for (let j = 0; j < 20; j++) expect(part[i] === part[j]).toBe(all[i]!.has(j));
      expect(count).toBe(parts.count());
      expect(count).toBe(new Set(all.map((s) => [...s].sort().join())).size);
    }),
  );
});
test("numbers rise from 0 with the first places, and what does not count has none", () => {
  const parts = openParts(6);
  parts.join(1, 4);
  parts.join(2, 5);
  const { part, parts: count } = numbered(parts, 6, (i) => i !== 0);
  expect([...part]).toEqual([-1, 0, 1, 2, 0, 1]);
  expect(count).toBe(3);
});
