/**
 * Flows that wait: what an element holds (a picture) is shown until its flow is wanted, and of all that wait in a page one runs at a time, so that a page
 * with ten of them stays light. `start="press"` waits for its button; `start="visible"` also starts when the reader stays at it, on a page with room,
 * unless less motion or less traffic is asked for.
 */
const SEEN = 0.6;
/** Milliseconds at a flow that mean that the reader stays. */
const STAYS = 600;
const ROOM = "(min-width: 700px)";

interface Waiter {
  readonly element: HTMLElement;
  rest(): void;
}
/** the one that runs */
let alone: Waiter | null = null;
const eager = (): boolean =>
  matchMedia(ROOM).matches &&
  !matchMedia("(prefers-reduced-motion: reduce)").matches &&
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData !== true;

/** `run` puts the flow in place of what the element holds; `rest` ends it. Returns how to stop waiting. */
export function waits(element: HTMLElement, run: () => void, rest: () => void): () => void {
  const picture = [...element.childNodes];
  const button = document.createElement("button");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const shown = (): void => {
    element.replaceChildren(...picture, button);
    element.style.height = "";
  };
  const waiter: Waiter = {
    element,
    rest() {
      rest();
      shown();
    },
  };
  const start = (): void => {
    if (alone === waiter) return;
    alone?.rest();
    alone = waiter;
    // nothing below moves, unless there is not enough room for a flow; in a narrow column its parts stand below each other
    element.style.height = `${Math.max(element.clientHeight, element.clientWidth < 640 ? 640 : 420)}px`;
    run();
  };
  button.type = "button";
  button.textContent = "▶ Run it here";
  button.setAttribute("aria-label", `Run it here: ${element.title}`);
  button.addEventListener("click", () => {
    start();
    element.querySelector("iframe")?.focus();
  });
  if (getComputedStyle(element).display === "inline") element.style.display = "block";
  shown();
  const watch = new IntersectionObserver(
    (entries) => {
      clearTimeout(timer);
      // who works in another flow is not disturbed
      const busy = (): boolean => alone?.element.contains(document.activeElement) === true;
      if (entries.at(-1)?.isIntersecting) timer = setTimeout(() => eager() && !busy() && start(), STAYS);
    },
    { threshold: SEEN },
  );
  if (element.getAttribute("start") === "visible") watch.observe(element);
  return () => {
    clearTimeout(timer);
    watch.disconnect();
    if (alone === waiter) alone = null;
    rest();
    element.replaceChildren(...picture);
  };
}
