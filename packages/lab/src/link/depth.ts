/** How deep lists and objects lie within each other: what is deeper than any flow would fill the stack of whoever walks through it. */
export const MOST_DEEP = 40;

/** Whether JSON lies deeper than `most`; walked level by level, so that no depth can hurt. */
export function isDeep(value: unknown, most: number = MOST_DEEP): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    const next: unknown[] = [];
    for (const one of level) if (typeof one === "object" && one !== null) for (const inner of Object.values(one)) next.push(inner);
    level = next;
  }
  return false;
}
