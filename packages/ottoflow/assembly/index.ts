export * from "./rows";
export * from "./philox";
export { runTape } from "./tape";
