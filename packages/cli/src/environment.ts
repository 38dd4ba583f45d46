import { arch, platform, release } from "node:os";
import { version } from "./version.ts";

/** Where and when a result was made: said in reports, no part of any number. */
export interface Environment {
  readonly engine: string;
  readonly node: string;
  readonly system: string;
  /** ISO 8601, UTC */
  readonly finished: string;
  /** wall clock spent computing */
  readonly seconds: number;
}
export function environment(seconds: number): Environment {
  return {
    engine: version,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
    finished: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    seconds,
  };
}
