// npm run check: everything `npm test` holds, that the components of the lab compile without a warning and the packages publish well; and a look at the
// sizes of files.
import { lengths } from "./lengths.mjs";
import { attempt, main, tool } from "./shell.mjs";
import { test } from "./test.mjs";

await main(() =>
  test([], {
    "components of the lab": () =>
      attempt(tool("svelte-check"), ["--workspace", "packages/lab", "--tsconfig", "./tsconfig.json", "--threshold", "warning", "--fail-on-warnings"]),
    "packages publish": () => ["packages/ottoflow", "packages/cli"].every((folder) => attempt(tool("publint"), [folder, "--strict"])),
    "sizes of files": () => {
      for (const line of lengths()) console.log(line);
      return true;
    },
  }),
);
