/** What is pasted into other pages: a frame or an element that shows a link. */
const quoted = (text: string): string => text.replace(/[&"<>]/g, (c) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[c]!);

/** @param page address of the lab's page; the embedded page lies beside it */
export function frameOf(page: string, link: string, controls: readonly string[], title: string): string {
  const address = new URL("embed.html", page);
  address.search = new URLSearchParams({ controls: controls.join(" ") || "none" }).toString();
  address.hash = link;
  return `<iframe src="${quoted(address.href)}" title="${quoted(title)}" width="100%" height="480" style="border:0" loading="lazy" allow="cross-origin-isolated"></iframe>`;
}
export function elementOf(page: string, link: string, controls: readonly string[], title: string): string {
  const script = new URL("element.js", page).href;
  return [
    `<script type="module" src="${quoted(script)}"></script>`,
    `<ottoflow-flow link="${quoted(link)}" controls="${quoted(controls.join(" ") || "none")}" title="${quoted(title)}" style="height: 30rem"></ottoflow-flow>`,
  ].join("\n");
}
/** Addresses that only this machine or this network knows. */
export const isLocal = (page: string): boolean =>
  /^(localhost(:|$)|127\.\d|0\.0\.0\.0|\[::1\]|10\.\d|192\.168\.)/.test(new URL(page).host) || !page.startsWith("http");
