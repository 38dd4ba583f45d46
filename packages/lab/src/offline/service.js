/** Keeps the whole page for times without a network. What is written in its own hash never changes; all else is asked for first and taken from here when nobody answers. */
const files = ["FILES"];
const name = "ottoflow-lab VERSION";

// it waits until no page of the version before is open: one that is will still ask for parts that only its own files have
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(files)));
});
self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const key of await caches.keys()) if (key.startsWith("ottoflow-lab ") && key !== name) await caches.delete(key);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.url.startsWith(self.registration.scope) ? request.url.slice(self.registration.scope.length) : null;
  if (request.method !== "GET" || path === null || path.startsWith("given/")) return;
  const page = path.endsWith("/") ? `${self.registration.scope}${path}index.html` : request;
  const kept = () => caches.match(page, { ignoreSearch: true });
  const answer = path.startsWith("assets/")
    ? kept().then((found) => found ?? fetch(request))
    : fetch(request).catch(async () => (await kept()) ?? Response.error());
  event.respondWith(answer);
});
