/** Places in a spec: `energy.0.temperature`. Values are never changed in place, so that history keeps what was. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Path = readonly (string | number)[];

export function get(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const key of path) at = at === null || at === undefined ? undefined : (at as Record<string | number, unknown>)[key];
  return at;
}
/** A copy with one place set; undefined takes the key away. */
export function set<T>(value: T, path: Path, next: unknown): T {
  if (path.length === 0) return next as T;
  const [key, ...rest] = path;
  if (Array.isArray(value) || (value === undefined && typeof key === "number")) {
    const copy = [...((value as unknown[] | undefined) ?? [])];
    const inner = set(copy[key as number], rest, next);
    if (inner === undefined && rest.length === 0) copy.splice(key as number, 1);
    else copy[key as number] = inner;
    return copy as T;
  }
  // `"entropy"` names a unit; it becomes an object when one of its parameters is touched
  const copy: Record<string, unknown> = typeof value === "string" ? { kind: value } : { ...(value as Record<string, unknown> | undefined) };
  const inner = set(copy[key as string], rest, next);
  if (inner === undefined) delete copy[key as string];
  else copy[key as string] = inner;
  return copy as T;
}
