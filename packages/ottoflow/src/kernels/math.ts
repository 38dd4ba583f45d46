/**
 * The elementary functions of the engine, in plain IEEE arithmetic: the same bits in every JavaScript engine and in the SIMD kernels.
 * Math.exp, Math.log, Math.sin and the like differ between engines and their versions, so the library never calls them.
 */
export { acosh, asinh, atanh, cosh, exp, expm1, log, log1p, sinh, tanh } from "./math/exponential.ts";
export { cbrt, hypot, pow, powi } from "./math/power.ts";
export { erf, erfc, gamma, lgamma, normalCdf, normalQuantile } from "./math/special.ts";
export { acos, asin, atan, atan2, cos, sin, tan } from "./math/trigonometric.ts";
