/** While nobody can see a page, it need not compute: a hidden tab, a frame that is scrolled away. */

/** Tells whenever `target` becomes unseen or seen. Returns how to end that. */
export function restUnseen(target: Element, tell: (unseen: boolean) => void): () => void {
  let away = false;
  let told = false;
  const judge = (): void => {
    const unseen = away || document.hidden;
    if (unseen === told) return;
    told = unseen;
    tell(unseen);
  };
  // in a frame this counts how much of it the page around shows
  const watch = new IntersectionObserver((entries) => {
    away = !(entries.at(-1)?.isIntersecting ?? true);
    judge();
  });
  watch.observe(target);
  document.addEventListener("visibilitychange", judge);
  judge();
  return () => {
    watch.disconnect();
    document.removeEventListener("visibilitychange", judge);
  };
}
