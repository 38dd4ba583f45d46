// The import order of the house, top to bottom: a room may import from its own line and the lines above, never from below.
// Tests are exempt: they check a room against what stands below it.
export const order = [
  ["contract", "errors", "params", "define", "takes"],
  ["kernels"],
  ["numeric"],
  ["formula", "data"],
  ["space"],
  ["measure"],
  ["kernel"],
  ["transport"],
  ["energy", "geometry", "drift"],
  ["proximal"],
  ["scheme"],
  ["flow"],
  ["exact", "certify"],
  ["spec"],
  ["io"],
  ["known", "pace"],
  ["run", "run-path", "solve"],
  ["index"],
];
const library = "^packages/ottoflow/src/";
const test = "\\.test\\.ts$";
/** a room is a folder, or a file of that name */
const rooms = (names) => `${library}(?:${names.join("|")})(?:/|\\.ts$)`;

const upward = order.slice(0, -1).map((line, i) => ({
  name: `order-${line[0]}`,
  comment: `${line.join(", ")} may not import from: ${order
    .slice(i + 1)
    .flat()
    .join(", ")}. Move what is shared up, or hand it in as an argument.`,
  severity: "error",
  // the registry's loaders are code on demand: naming a unit there is no import of it
  from: { path: rooms(line), pathNot: [test, `${library}spec/registry\\.gen\\.ts$`] },
  to: { path: rooms(order.slice(i + 1).flat()) },
}));

export default {
  forbidden: [
    ...upward,
    {
      name: "known-room",
      comment: "Every file of the library stands in a room of the import order. Add the room to .dependency-cruiser.mjs where it belongs.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: library, pathNot: [rooms(order.flat())] },
    },
    {
      name: "contract-door",
      comment: "The nouns come by contract.ts, which says what each family is: import from there.",
      severity: "error",
      from: { pathNot: `${library}contract(?:/|\\.ts$)` },
      to: { path: `${library}contract/` },
    },
    {
      name: "no-circular",
      comment: "A cycle means two files are one idea: merge them, or pass one to the other.",
      severity: "error",
      from: { pathNot: "node_modules" },
      // a component that holds others of its kind imports itself, as units hold units: that is no second idea
      to: { circular: true, via: { pathNot: "^packages/lab/src/recipe/Unit\\.svelte$" } },
    },
    {
      name: "no-node-in-library",
      comment: "The library runs in the browser too: ask the Host for memory, workers and files.",
      severity: "error",
      from: { path: library, pathNot: test },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "only-declared-packages",
      comment: "A package that is imported must be in the dependencies of the package that imports it. The lab is published as the built page.",
      severity: "error",
      from: { path: "^packages/(?!lab/)[^/]+/src/", pathNot: test },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    { name: "resolvable", comment: "The import leads nowhere.", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^virtual:" } },
    {
      name: "no-tests-in-source",
      comment: "Source may not import a test.",
      severity: "error",
      from: { pathNot: [test, "/test/"] },
      to: { path: [test, "^packages/[^/]+/test/"] },
    },
    {
      name: "library-knows-no-one",
      comment: "The library does not import the packages built on it.",
      severity: "error",
      from: { path: library },
      to: { path: "^packages/(?!ottoflow/)" },
    },
    {
      name: "library-from-outside",
      comment: "Other packages import the library by its name, as its users do.",
      severity: "error",
      from: { path: "^packages/(?!ottoflow/)" },
      to: { path: library, dependencyTypes: ["local"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "/node_modules/", "^packages/ottoflow/assembly/"] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
    progress: { type: "none" },
  },
};
