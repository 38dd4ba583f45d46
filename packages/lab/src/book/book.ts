/** What a page of the book does beyond being read: light or dark as in the lab, keys for what scrolls by itself, and the page kept for times without a network. */
import { keepPage } from "../offline/keep.ts";
import { isDark, onScheme, recallScheme, switchScheme } from "../state/scheme.ts";

recallScheme();

const button = document.createElement("button");
const flows = (): NodeListOf<HTMLElement> => document.querySelectorAll("ottoflow-flow");
/** Frames follow the page and not the system. */
function coloured(): void {
  const { scheme } = document.documentElement.dataset;
  button.textContent = isDark() ? "Light" : "Dark";
  for (const flow of flows()) {
    if (scheme) flow.setAttribute("scheme", scheme);
    else flow.removeAttribute("scheme");
  }
}
button.type = "button";
button.title = "Light or dark colours";
button.addEventListener("click", switchScheme);
onScheme(coloured);
document.querySelector("header nav")?.append(button);
coloured();

/** What is wider than its column can be scrolled by keys, and says what it is. */
function reachable(): void {
  for (const wide of document.querySelectorAll<HTMLElement>(".wide")) {
    const scrolls = wide.scrollWidth > wide.clientWidth + 1;
    wide.tabIndex = scrolls ? 0 : -1;
    if (!scrolls) for (const name of ["tabindex", "role", "aria-label"]) wide.removeAttribute(name);
    else {
      wide.setAttribute("role", "group");
      wide.setAttribute("aria-label", wide.dataset.name ?? "");
    }
  }
}
addEventListener("resize", reachable);
void document.fonts.ready.then(reachable);

// who runs a flow has loaded most of the lab anyway
document.addEventListener("opened", () => setTimeout(() => keepPage("../service.js"), 2000), { once: true, capture: true });
