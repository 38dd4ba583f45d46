import { describe, expect, test } from "vitest";
import { usualView } from "../stage/view.ts";
import { addressOf, cardIn, type Kept } from "./address.ts";
import { decodeLink } from "./codec.ts";

const names = ["heat-gaussian", "paths/splitting-atom"];
const lab: Kept = {
  spec: { version: 1, until: 2 },
  view: { ...usualView, fan: true },
  variant: "cold",
  zoom: null,
  comparison: { variant: "warm" },
  other: null,
  opening: {},
  scope: null,
  speed: 1,
  playing: false,
  phase: "running",
  playhead: 1,
  reached: 1.5,
};

describe("the address", () => {
  test("names a card, as it stands in its folder or with its slash escaped, and nothing that is no card", () => {
    expect(["#heat-gaussian", "#paths/splitting-atom", "#paths%2Fsplitting-atom"].map((hash) => cardIn(hash, names))).toEqual([names[0], names[1], names[1]]);
    for (const hash of ["", "#", "#heat", "#1.AAAA", "#__proto__", "#%E0%A4%A"]) expect(cardIn(hash, names)).toBeNull();
  });
  test("holds what was changed and how it is seen, without the playhead", async () => {
    const shared = await decodeLink((await addressOf(lab, ["energy"]))!);
    expect(shared).toEqual({ spec: lab.spec, view: { variant: "cold", beside: { variant: "warm" }, marks: { fan: true } }, hide: ["energy"] });
  });
  test("is none where a file of one's own is needed, or more than a link takes", async () => {
    const image = (file: string): Kept => ({ ...lab, spec: { initial: { kind: "image", file } } });
    expect(await addressOf(image("mine.png"), [])).toBeNull();
    expect(await addressOf(image("data/boats.jpg"), [])).not.toBeNull();
    // text that deflates to little is still too much to be read again
    expect(await addressOf({ ...lab, spec: { note: "x".repeat(1_100_000) } }, [])).toBeNull();
  });
});
