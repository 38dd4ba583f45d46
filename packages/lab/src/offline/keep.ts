/** Asks the browser to keep the page for times without a network, once it is running. Where that is not allowed the page works as long as there is one. */
export function keepPage(service = "./service.js"): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator) || !isSecureContext) return;
  navigator.serviceWorker.register(service).catch(() => undefined);
}
