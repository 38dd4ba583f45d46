/** Exit codes and the one place where errors become words. */
import type { Status } from "ottoflow/contract";
import { isOttoflowError, OttoflowError } from "ottoflow/errors";
import { painter, safe, type Terminal } from "./terminal.ts";

export const exitCodes = { done: 0, uncertified: 1, badInput: 2, numerical: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const good: readonly Status[] = ["reached-end", "stationary", "stopped"];

/** What a finished run means to a shell. */
export function exitCodeOf(status: Status, holds: boolean): ExitCode {
  if (status === "aborted") return exitCodes.interrupted;
  if (!good.includes(status)) return exitCodes.numerical;
  return holds ? exitCodes.done : exitCodes.uncertified;
}

/** A mistake in how the command was called or in what it was given. */
export function runError(path: string, message: string, cause?: unknown): OttoflowError<"RunError"> {
  return new OttoflowError("RunError", message, { path }, { cause });
}

/** One clear block on stderr, or one object on stdout with --json; the stack only with DEBUG. */
export function report(error: unknown, json: boolean, terminal: Terminal): ExitCode {
  const ours = isOttoflowError(error);
  const system = systemMessage(error);
  const message = ours ? error.message : (system ?? (error instanceof Error ? error.message : String(error)));
  const known = ours || system !== null;
  if (json)
    terminal.out(
      `${JSON.stringify({ status: "error", error: { tag: ours ? error.tag : known ? "RunError" : "InternalError", message, ...(ours ? error.fields : {}) } })}\n`,
    );
  const paint = painter(terminal);
  terminal.log(`${paint("red", known ? "error" : "internal error")}: ${safe(message)}\n`);
  if ((terminal.env.DEBUG ?? "") !== "" && error instanceof Error) terminal.log(`${safe(error.stack ?? "")}\n`);
  else if (!known) terminal.log("This is a fault of ottoflow, not of the input. DEBUG=1 shows where it happened.\n");
  return known ? exitCodes.badInput : exitCodes.numerical;
}

/** File system errors in words; null for anything else. */
function systemMessage(error: unknown): string | null {
  const { code, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || typeof code !== "string") return null;
  const words: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "is a folder when a file was expected",
    ENOTDIR: "a part of the path is a file, not a folder",
    ENOSPC: "the disk is full",
    EROFS: "the file system is read-only",
    EMFILE: "too many open files",
    ENAMETOOLONG: "the name is too long",
    ELOOP: "too many symbolic links",
    EDQUOT: "the disk quota is used up",
  };
  return words[code] ? `${path ?? "file"}: ${words[code]}.` : null;
}
