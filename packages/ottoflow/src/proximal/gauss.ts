export { gaussHermite, gaussLegendre, type Rule } from "../numeric/quadrature.ts";
