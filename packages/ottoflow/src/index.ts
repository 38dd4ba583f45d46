/** The public list, in the order of the pipeline. */
export type {
  As,
  Cells,
  Certificate,
  Check,
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
  Measure,
  Pair,
  Part,
  Particles,
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
  defineProximal,
  defineScheme,
  defineSpace,
} from "./define.ts";
export { type ErrorTag, isOttoflowError, OttoflowError } from "./errors.ts";
export { type Checkpoint, type Frame, flow, type Progress, type Run, type Trace } from "./flow.ts";
export { knownOf } from "./known.ts";
export { type RunOptions, run, runFlow } from "./run.ts";
export { parseSpec, type Resolved, type ResolveOptions, resolveSpec } from "./spec/resolve.ts";
