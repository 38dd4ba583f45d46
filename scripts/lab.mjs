// npm run lab [-- SPEC]: builds the lab where it has changed and serves it on a local address.

import { join } from "node:path";
import { buildLab, setup } from "./setup.mjs";
import { main, root, run, started } from "./shell.mjs";

if (started(import.meta))
  await main((args) => {
    setup();
    buildLab();
    run(process.execPath, [join(root, "packages/cli/bin/ottoflow.js"), "lab", ...args]);
  });
