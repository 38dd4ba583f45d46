// Running other programs from the scripts: output goes straight through, a failure is an exception with the command in it.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Runs a program and gives its exit code; `quiet` swallows its output. */
export function codeOf(command, args, { quiet = false, env = {}, cwd = root, shell = false } = {}) {
  const { status, error } = spawnSync(command, args, { cwd, shell, stdio: quiet ? "ignore" : "inherit", env: { ...process.env, ...env } });
  return error === undefined && status !== null ? status : 1;
}

/** Runs a program and tells whether it succeeded. */
export const attempt = (command, args, options) => codeOf(command, args, options) === 0;

/** Runs a program. @throws when it fails */
export function run(command, args, options) {
  if (!attempt(command, args, options)) throw new Error(`\`${[command, ...args].join(" ")}\` failed.`);
}

/** The path of a tool that the lockfile installs. */
export const tool = (name) => join(root, "node_modules/.bin", process.platform === "win32" ? `${name}.cmd` : name);

/** Runs a script's main function; a failure ends it with one line and code 1. */
export async function main(body) {
  try {
    process.exitCode = (await body(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Whether the module was started from the command line and not imported. */
export const started = (meta) => process.argv[1] !== undefined && fileURLToPath(meta.url) === process.argv[1];
