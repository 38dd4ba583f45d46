import type { Certificate } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";

const certificate: Certificate<null> = {
  label: "closure",
  title: "what was solved is the flow itself",
  applies: (p, s) => (s.closure?.(p) ? null : "the scheme approximates the flow itself, not a reduced model of it"),
  watcher: () => ({ every: "trace", begin: () => null, see: () => undefined }),
  judge: (_memory, run) => [
    {
      kind: "closure",
      title: "what was solved is a reduced model",
      verdict: "reported",
      hard: false,
      value: null,
      bound: null,
      source: `the scheme ${run.scheme.label} restricts the measures it can store`,
      detail: run.scheme.closure!(run.problem)!,
    },
  ],
};

export const closure: Unit<"certificate"> = defineCertificate({
  kind: "closure",
  title: "closure",
  tex: "\\rho_t \\in \\mathcal M \\subset \\mathcal P_2",
  summary:
    "Says so where a run is not the flow of the full measure but its projection to a smaller family, such as Gaussians under a potential that does not keep them Gaussian. No refinement of the step removes that difference.",
  refs: ["lambert2022"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
