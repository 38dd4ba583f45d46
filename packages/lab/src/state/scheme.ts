/** Light or dark: what the system prefers, until the reader says otherwise. */
const KEY = "ottoflow-scheme";
const CHANGED = "ottoflow-scheme";
const system = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");
const root = (): DOMStringMap => document.documentElement.dataset;

export const isDark = (): boolean => (root().scheme === undefined ? system().matches : root().scheme === "dark");

/** Calls `act` whenever the colours have changed. Returns how to end that. */
export function onScheme(act: () => void): () => void {
  const preferred = system();
  preferred.addEventListener("change", act);
  addEventListener(CHANGED, act);
  return () => {
    preferred.removeEventListener("change", act);
    removeEventListener(CHANGED, act);
  };
}
/** To the other one; where that is what the system prefers, the system is followed again. */
export function switchScheme(): void {
  const wanted = isDark() ? "light" : "dark";
  const own = wanted !== (system().matches ? "dark" : "light");
  if (own) root().scheme = wanted;
  else delete root().scheme;
  try {
    if (own) localStorage.setItem(KEY, wanted);
    else localStorage.removeItem(KEY);
  } catch {
    // a page without storage forgets the choice
  }
  dispatchEvent(new Event(CHANGED));
}
/** The choice of an earlier visit. */
export function recallScheme(): void {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === "light" || kept === "dark") root().scheme = kept;
  } catch {
    // no storage: the system is followed
  }
}
