/**
 * Tagged errors. A caller's mistake throws one of these; its message says what came, what was expected and how to mend it.
 * A numerical failure is never an error: it is a status of the run.
 *
 * @example
 * try { await run(spec) } catch (e) { if (isOttoflowError(e, "SpecError")) console.error(e.fields.path, e.message); else throw e; }
 */
export interface ErrorFields {
  /** a key of the spec, a parameter or an argument did not fit; `path` like `energy[0].temperature` */
  SpecError: { readonly path: string };
  /** a formula could not be read; `offset` counts characters; `unknown` is a name in it that stands for nothing yet and could be a parameter of the spec */
  FormulaError: { readonly formula: string; readonly offset: number; readonly unknown?: string };
  /** a file or byte stream is not what it should be */
  DataError: { readonly file: string };
  /** the scheme cannot carry the problem; `missing` lists the traits */
  UnsupportedError: { readonly missing: readonly string[] };
  /** an array has the wrong size */
  ShapeError: { readonly got: number; readonly want: number };
  /** more memory, nodes or time than the limits allow */
  LimitError: { readonly got: number; readonly limit: number };
  /** run folder or checkpoint cannot be used */
  RunError: { readonly path: string };
}
export type ErrorTag = keyof ErrorFields;

export class OttoflowError<T extends ErrorTag = ErrorTag> extends Error {
  readonly tag: T;
  readonly fields: ErrorFields[T];
  constructor(tag: T, message: string, fields: ErrorFields[T], options?: { cause?: unknown }) {
    super(message, options);
    this.name = tag;
    this.tag = tag;
    this.fields = fields;
  }
}

/** Narrows an unknown error to one of ours, optionally to one tag. */
export function isOttoflowError<T extends ErrorTag = ErrorTag>(error: unknown, tag?: T): error is OttoflowError<T> {
  return error instanceof OttoflowError && (tag === undefined || error.tag === tag);
}

export const specError = (path: string, message: string): OttoflowError<"SpecError"> => new OttoflowError("SpecError", `${path}: ${message}`, { path });
export const dataError = (file: string, message: string, cause?: unknown): OttoflowError<"DataError"> =>
  new OttoflowError("DataError", `${file}: ${message}`, { file }, { cause });
export const limitError = (what: string, got: number, limit: number, mend: string): OttoflowError<"LimitError"> =>
  new OttoflowError("LimitError", `${what}: got ${got} when at most ${limit} are allowed. ${mend}`, { got, limit });
export function expectLength(name: string, got: number, want: number): void {
  if (got !== want) throw new OttoflowError("ShapeError", `${name}: got ${got} values when expected ${want}.`, { got, want });
}
/** That an object of options has no name which means nothing there. @throws {SpecError} naming those that there are */
export function expectNames(of: string, given: object | null | undefined, names: readonly string[]): void {
  if (typeof given !== "object" || given === null)
    throw specError("options", `got ${given === null ? "null" : typeof given} when expected those of ${of}: ${names.join(", ")}.`);
  for (const name of Object.keys(given)) if (!names.includes(name)) throw specError(name, `is nothing that ${of} has. It has: ${names.join(", ")}.`);
}
