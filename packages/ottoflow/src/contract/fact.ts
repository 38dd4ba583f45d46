/** A statement of theory carried by a part or a geometry, with how far it may be trusted. */
export interface Fact<T> {
  readonly value: T;
  /** `proved`: a theorem on the definition; `checked`: interval arithmetic or algebra on this instance; `sampled`: only seen at sample points. */
  readonly how: "proved" | "checked" | "sampled";
  readonly because: string;
}
