// npm run test:node24 [-- PATTERN …]: the library's tests under Node 24, which stands in .cache after the first time. Not part of `npm test`.
// The same numbers must come out: the golden digests of the kernels and the bits of every flow are among the tests.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setup } from "./setup.mjs";
import { codeOf, main, root, run } from "./shell.mjs";

const major = 24;
const home = join(root, ".cache", `node${major}`);

/** Node as the registry has it: one package per platform, its program in bin/. */
function program() {
  const system = { linux: "linux", darwin: "darwin", win32: "win" }[process.platform];
  const name = `node-${system}-${process.arch}`;
  const path = join(home, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(path)) return path;
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  console.log(`test:node${major}: installing ${name} ${major} into .cache`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--no-audit", "--no-fund", "--no-save", `${name}@${major}`], { cwd: home, shell: process.platform === "win32" });
  if (!existsSync(path)) throw new Error(`${name}@${major} brought no ${path}.`);
  return path;
}

await main((patterns) => {
  setup();
  const node = program();
  console.log(`test:node${major}:`);
  run(node, ["--version"]);
  const wanted = patterns.length > 0 ? patterns : ["packages/ottoflow"];
  return codeOf(node, [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "node", ...wanted]);
});
