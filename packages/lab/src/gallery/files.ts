/** Paths of the data files that a spec names. */
export function filesOf(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (key === "file" && typeof inner === "string") found.add(inner);
      else filesOf(inner, found);
    }
  return found;
}
