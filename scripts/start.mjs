// npm start [-- SPEC [options of `ottoflow run`]]: sets up, runs a flow and says where its report is.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setup } from "./setup.mjs";
import { codeOf, main, root } from "./shell.mjs";

const standard = "specs/image-porous-medium.json";

await main((args) => {
  setup();
  const spec = args.length > 0 && !args[0].startsWith("-") ? args : [standard, ...args];
  if (!existsSync(join(root, spec[0])) && !existsSync(spec[0])) throw new Error(`There is no ${spec[0]}. The flows are in specs/.`);
  return codeOf(process.execPath, [join(root, "packages/cli/bin/ottoflow.js"), "run", ...spec]);
});
