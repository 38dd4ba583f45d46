/** What a link may hide, so that a reader looks at the rest: a help for teachers and no lock, since the link itself can be read and changed. */
export const hideable: readonly (readonly [name: string, title: string])[] = [
  ["recipe", "the whole recipe"],
  ["parameters", "parameters"],
  ["energy", "energies and drift"],
  ["geometry", "geometry"],
  ["space", "space"],
  ["initial", "start and brush"],
  ["scheme", "scheme"],
  ["until", "end and seed"],
  ["editor", "the spec as text"],
  ["comparison", "comparison and microscope"],
  ["ledger", "ledger"],
  ["law", "law"],
  ["gallery", "gallery"],
  ["files", "opening of files"],
];
