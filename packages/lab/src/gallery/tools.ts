/** What the gallery has beside specs, known where pages are built as well. */

/** What a first visitor sees. */
export const opening = "double-well-grid";
/** Pictures of transport that are no spec: each asks the engine one question. */
export const tools = [
  {
    name: "parting",
    title: "Two masses part: three distances",
    summary: "Two equal Gaussians move apart. W₂ measures how far; L² and Fisher–Rao only see that they overlap less.",
    watch:
      "W₂ goes on growing in proportion. The other two reach their ceiling once the masses no longer touch: from there on they are blind, and their gradients vanish.",
  },
  {
    name: "directions",
    title: "Which way transport points",
    summary:
      "A red cloud, a blue one, and for each red point the way it is sent: straight along the optimal plan, and down the slope of the Sinkhorn divergence.",
    watch: "With little smoothing both agree arrow by arrow. With much, the slope of the divergence only knows means and spreads: the arrows turn alike.",
  },
] as const;
export type ToolName = (typeof tools)[number]["name"];
