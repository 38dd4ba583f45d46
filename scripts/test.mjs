// npm test [-- FILTER …]: on any clone, everything that must hold: fresh lists, types, lint, import order, Python and the tests.
// With a filter only the tests whose file names contain it. The last line is "N passed, N failed": tests, and every gate that failed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensurePython } from "./python.mjs";
import { buildLab, setup } from "./setup.mjs";
import { attempt, main, root, started, tool } from "./shell.mjs";

const report = join(root, ".cache/vitest.json");

/** The folders with Python tests. */
function pythonFolders() {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/test/python`);
  return ["python", ...packages].filter((folder) => existsSync(join(root, folder)));
}

const gates = {
  "generated files are fresh": () => attempt(process.execPath, ["scripts/gen.mjs", "--verify"]),
  "kernels are fresh": () => attempt(process.execPath, ["scripts/kernels.mjs", "--verify"]),
  types: () => attempt(tool("tsc"), ["-b"]),
  lint: () => attempt(tool("biome"), ["check", "--max-diagnostics=50", "."]),
  "import order": () => attempt(tool("depcruise"), ["--config", ".dependency-cruiser.mjs", "packages"]),
  python: () => pythonFolders().every((folder) => attempt(process.env.OTTOFLOW_PYTHON, ["-m", "unittest", "discover", "-s", folder, "-p", "test_*.py"])),
};

/** What the tests came to; a file that could not be loaded and an error outside any test count as one failure each. */
function tests(filters) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  rmSync(report, { force: true });
  const ok = attempt(tool("vitest"), ["run", ...filters, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const result = JSON.parse(readFileSync(report, "utf8"));
  const unloaded = result.testResults.filter((file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")).length;
  const failed = result.numFailedTests + unloaded;
  return { passed: result.numPassedTests, failed: ok ? failed : Math.max(failed, 1) };
}

function prepare() {
  setup({ browser: true, toTest: true });
  buildLab();
  process.env.OTTOFLOW_PYTHON = ensurePython();
}

export async function test(filters, more = {}) {
  try {
    prepare();
  } catch (error) {
    console.log(`${error.message}\n\n0 passed, 1 failed`);
    return 1;
  }
  const red =
    filters.length > 0
      ? []
      : Object.entries({ ...gates, ...more }).filter(([name, holds]) => {
          console.log(`\n── ${name}`);
          return !holds();
        });
  console.log("\n── tests");
  const { passed, failed } = tests(filters);
  if (red.length > 0) console.log(`\nNot only tests: ${red.map(([name]) => name).join(", ")} failed, see above.`);
  console.log(`\n${passed} passed, ${failed + red.length} failed`);
  return failed + red.length > 0 || passed === 0 ? 1 : 0;
}

if (started(import.meta)) await main((args) => test(args));
