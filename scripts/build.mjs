// npm run build: library and command line into their dist folders, as they are published.

import { setup } from "./setup.mjs";
import { main } from "./shell.mjs";

await main(() => setup());
