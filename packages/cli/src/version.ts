import { readFileSync } from "node:fs";

/** Version of command and engine; they are released together. */
export const version: string = (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
