/** The keys that a spec may have, by its job. */
const head: readonly string[] = ["$schema", "version", "job", "title", "summary", "watch", "tags", "parameters"];
const tail: readonly string[] = ["seed", "quick", "variants"];

export const specKeys: readonly string[] = [
  ...head,
  "energy",
  "geometry",
  "space",
  "initial",
  "measures",
  "drift",
  "scheme",
  "start",
  "until",
  "observe",
  "stop",
  ...tail,
];

/** Of specs with `"job": "path"`. */
export const pathKeys: readonly string[] = [...head, "space", "from", "to", "measures", "path", "frames", ...tail];
