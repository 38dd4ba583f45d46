/** What is not needed for the first frames waits for them. */
const LOOK = 100;
const MOST = 10_000;

/** Calls `act` once, when a frame after the start has been drawn, when `settled` says that none will come, or after ten seconds. Returns how to call it off. */
export function onceMoving(act: () => void, settled: () => boolean): () => void {
  const began = performance.now();
  const timer = setInterval(() => {
    if (document.documentElement.dataset.moving !== "true" && !settled() && performance.now() - began < MOST) return;
    clearInterval(timer);
    act();
  }, LOOK);
  return () => clearInterval(timer);
}
