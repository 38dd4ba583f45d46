#!/usr/bin/env node
// The command. Plain JavaScript, so that it can say what is missing before anything is built.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20) {
  process.stderr.write(`ottoflow needs Node 20 or newer; this is ${major}.${minor}.\n`);
  process.exit(2);
}
const built = new URL("../dist/main.js", import.meta.url);
if (!existsSync(built)) {
  process.stderr.write("ottoflow is not built yet. In the clone, run: npm run setup\n");
  process.exit(2);
}
const { main, processTerminal } = await import(built.href);
// not process.exit: what is still in the pipes must be written
process.exitCode = await main(process.argv.slice(2), processTerminal());
