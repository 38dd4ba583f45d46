export * from "./rows";
export * from "./philox";
export { runTape } from "./tape";
export * from "./langevin";
export * from "./pairs";
export * from "./pairs32";
