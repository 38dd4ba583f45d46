/** Bad input: the shape of a spec. */
import { abyss, circle, type Hostile, sound, withKey } from "../sound.ts";

export const layout: readonly Hostile[] = [
  { name: "not JSON", text: '{"energy": [', says: /not valid JSON/ },
  { name: "an empty text", text: "", says: /not valid JSON/ },
  { name: "a number instead of a spec", raw: 42, says: /got 42 when expected an object/ },
  { name: "null", raw: null, says: /got null when expected an object/ },
  { name: "a list", raw: [], says: /got \[\] when expected an object/ },
  { name: "an empty object", raw: {}, says: /space: is missing/ },
  { name: "a misspelt key", patch: { enrgy: [] }, says: /enrgy: is not a known key. Did you mean "energy"/ },
  { name: "another version", patch: { version: 7 }, says: /version: got 7 when this program reads version 1/ },
  { name: "a key named __proto__", text: JSON.stringify(sound).replace('"title"', '"__proto__"'), says: /__proto__: is not a known key/ },
  { name: "a patch that sets __proto__", set: { "__proto__.polluted": 1 }, says: /__proto__/ },
  { name: "a path into a number", set: { "until.x": 1 }, says: /cannot go into 0.2/ },
  { name: "an unknown variant", variant: "nope", says: /"nope" is not among the variants/ },
  { name: "the title is a number", patch: { title: 5 }, says: /title: got 5 when expected a text/ },
  { name: "what to watch is a list", patch: { watch: ["x"] }, says: /watch: got \["x"\] when expected a text/ },
  { name: "tags are one text", patch: { tags: "heat" }, says: /tags: got "heat" when expected a list/ },
  { name: "a tag is a number", patch: { tags: ["heat", 3] }, says: /tags: got \["heat",3\] when expected a list/ },
  { name: "twenty thousand objects in each other, in `quick`", text: withKey("quick", abyss), says: /nested deeper than 64 levels/ },
  { name: "twenty thousand objects in each other, as the summary", text: withKey("summary", abyss), says: /nested deeper than 64 levels/ },
  { name: "a hundred thousand lists in each other", text: "[".repeat(100_000) + "]".repeat(100_000), says: /nested deeper than 64 levels/ },
  { name: "an object that holds itself", raw: circle(), says: /nested deeper than 64 levels/, unwritable: true },
  { name: "`quick` is a number", patch: { quick: 3 }, says: /quick: got 3 when expected a merge-patch/ },
  { name: "an unknown key in `quick`", patch: { quick: { untill: 1 } }, says: /quick.untill: is not a known key. Did you mean "until"/ },
  { name: "variants are a list", patch: { variants: [{ until: 1 }] }, says: /variants: got .* when expected an object of named merge-patches/ },
  { name: "a variant is a text", patch: { variants: { fast: "yes" } }, says: /variants.fast: got "yes" when expected a merge-patch/ },
];
