/** The public list, in the order of the pipeline. */
export type {
  As,
  Cells,
  Certificate,
  Check,
  Cost,
  Coupling,
  Drift,
  ExactFlow,
  Fact,
  Field,
  Gaussian,
  General,
  Geometry,
  Grid,
  Host,
  Kernel,
  Known,
  Law,
  Local,
  Marginal,
  Measure,
  Pair,
  Part,
  Particles,
  PathBounds,
  PathFrame,
  PathProblem,
  PathProgress,
  PathResult,
  PathSolver,
  PathStatus,
  Plan,
  Potentials,
  Problem,
  Promises,
  Proximal,
  Quantiles,
  Rep,
  Rows,
  Scheme,
  Space,
  State,
  Status,
  StepInfo,
  Stepper,
  Tick,
  Transport,
  TransportOptions,
  TransportProgress,
  TransportSolver,
  Watcher,
} from "./contract.ts";
export type { Unit } from "./define.ts";
export {
  defineCertificate,
  defineDrift,
  defineEnergy,
  defineExact,
  defineExporter,
  defineGeometry,
  defineKernel,
  defineLaw,
  definePath,
  defineProximal,
  defineScheme,
  defineSpace,
  defineTransport,
} from "./define.ts";
export { type ErrorTag, isOttoflowError, OttoflowError } from "./errors.ts";
export { type Checkpoint, type Frame, flow, type Progress, type Run, type Trace } from "./flow.ts";
export { knownOf } from "./known.ts";
export { type RunOptions, run, runFlow } from "./run.ts";
export { type PathOptions, pathHolds, runPath, solvePath } from "./run-path.ts";
export { type SolveOptions, solve, solversFor } from "./solve.ts";
export { jobOf, type ResolvedPath, resolvePath } from "./spec/path.ts";
export { parseSpec, type Resolved, type ResolveOptions, resolveSpec } from "./spec/resolve.ts";
export type { DriftSpec, EnergySpec, FlowSpec, GeometrySpec, MeasureSpec, PathSolverSpec, PathSpec, SchemeSpec, SpaceSpec } from "./spec/types.gen.ts";
export { allowOnly, circleCost, functionCost, lineCost, powerCost, sphereCost, tableCost } from "./transport/cost.ts";
export { exactGradient } from "./transport/exact-gradient.ts";
export { allowPairs, pairCost } from "./transport/pair-list.ts";
export { cloud, placeholders, type TransportInput, transportProblem } from "./transport/problem.ts";
