// Back-and-forth on regular grids, see transport/grid: legendre.ts, poisson.ts and push.ts are the readable twins.
export { legendre } from "./legendre";
export { poisson } from "./poisson";
export { push } from "./push";
