export * from "./rows";
export * from "./philox";
export { runTape } from "./tape";
export * from "./langevin";
export * from "./pairs";
export * from "./pairs32";
export * from "./reductions";
export * from "./stencil";
export * from "./tridiagonal";
