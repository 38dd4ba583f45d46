// npm run bench [-- NAME …]: runs the tasks bench/NAME.mjs one after the other, all of them without names.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setup } from "./setup.mjs";
import { main, root, run } from "./shell.mjs";

const tasks = readdirSync(join(root, "bench"))
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.replace(/\.mjs$/, ""))
  .sort();

await main((args) => {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const options = args.filter((arg) => arg.startsWith("-"));
  for (const name of names) if (!tasks.includes(name)) throw new Error(`There is no benchmark "${name}". There are: ${tasks.join(", ") || "none yet"}.`);
  setup();
  for (const name of names.length > 0 ? names : tasks) run(process.execPath, [join(root, "bench", `${name}.mjs`), ...options]);
});
