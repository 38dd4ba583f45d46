/**
 * `<ottoflow-flow>`: a flow in any page, by one script without dependencies. The flow itself runs in a frame of embed.html beside this file, so that
 * neither page can disturb the other.
 *
 *   <script type="module" src="…/element.js"></script>
 *   <ottoflow-flow spec="my-flow.json" controls="law time" hide="scheme"></ottoflow-flow>
 *
 * Attributes: `spec` the address of a spec, or the spec itself as JSON; `link` a link of the lab or its hash; `flow` a name of the gallery; `hide` controls of the recipe that
 * are not shown; `controls` what stands around the stage: law, time, parameters, recipe, ledger, `all` or `none`; `scheme` light or dark, else as the system has it; `start`: what the
 * element holds is shown until a button is pressed (`press`) or the reader stays at it (`visible`), see start.ts. Property `spec`: the spec as an object.
 * Methods: set(path, value), get(), seek(t), play(), pause(), reset(). Events: ready, opened, ended, fault, refused, state, with what was said in `detail`.
 */
import { waits } from "./start.ts";

type Json = Readonly<Record<string, unknown>>;

const spoken = ["ready", "opened", "ended", "fault", "refused", "state"];
const base = new URL(/* @vite-ignore */ "./", import.meta.url);

/** Paths of the data files that a spec names. */
function filesOf(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (key === "file" && typeof inner === "string") found.add(inner);
      else filesOf(inner, found);
    }
  return found;
}

export class OttoflowFlow extends HTMLElement {
  static readonly observedAttributes = ["spec", "link", "flow", "hide", "controls", "scheme"];
  private frame: HTMLIFrameElement | null = null;
  private ready = false;
  /** what was asked before the frame could hear */
  private waiting: Json[] = [];
  private given: Json | null = null;
  private turn = 0;
  private unwait: (() => void) | null = null;
  private asked = 0;
  private readonly answers = new Map<number, { resolve(state: Json): void; reject(why: Error): void }>();
  /** the flow that was sent to the frame, for when the frame loads again */
  private sent: Json | null = null;
  /** why no flow comes */
  private none = "";
  private readonly hear = (event: MessageEvent): void => {
    // only what our own frame says, from where it was loaded
    if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== base.origin) return;
    const data = event.data as { ottoflow?: unknown; type?: unknown } | null;
    if (data?.ottoflow !== 1 || typeof data.type !== "string" || !spoken.includes(data.type)) return;
    if (data.type === "ready") this.begin();
    const { ottoflow: _, type: __, ...detail } = data;
    const { id, ...state } = detail as { id?: unknown; message?: unknown };
    if (data.type === "state") this.answers.get(id as number)?.resolve(state);
    if (data.type === "refused") this.answers.get(id as number)?.reject(new Error(String(state.message)));
    if (data.type === "state" || data.type === "refused") this.answers.delete(id as number);
    this.dispatchEvent(new CustomEvent(data.type, { detail }));
  };

  get spec(): Json | null {
    return this.given;
  }
  set spec(spec: Json | null) {
    this.given = spec;
    if (this.isConnected && (this.frame || !this.unwait)) this.build();
  }
  connectedCallback(): void {
    addEventListener("message", this.hear);
    // set before this script had come
    if (Object.hasOwn(this, "spec")) {
      this.given = this.spec;
      Reflect.deleteProperty(this, "spec");
    }
    if (this.hasAttribute("start"))
      this.unwait = waits(
        this,
        () => this.build(),
        () => this.end(),
      );
    else this.build();
  }
  disconnectedCallback(): void {
    removeEventListener("message", this.hear);
    this.end();
    this.unwait?.();
    this.unwait = null;
  }
  attributeChangedCallback(_name: string, old: string | null, now: string | null): void {
    if (this.frame && old !== now) this.build();
  }
  /** One place of the spec, as "energy.0.temperature"; the flow runs anew. */
  set(path: string, value: unknown): void {
    this.post({ type: "set", path, value });
  }
  /** What the flow is at now: spec, time, energy, status; once it runs. Rejects where the flow is replaced or taken away before, or does not come. */
  get(): Promise<Json> {
    if (this.none) return Promise.reject(new Error(this.none));
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.answers.set(id, { resolve, reject });
      this.post({ type: "get", id });
    });
  }
  seek(t: number): void {
    this.post({ type: "seek", t });
  }
  play(): void {
    this.post({ type: "play" });
  }
  pause(): void {
    this.post({ type: "pause" });
  }
  reset(): void {
    this.post({ type: "reset" });
  }

  private post(message: Json): void {
    if (this.ready && this.frame?.contentWindow) this.frame.contentWindow.postMessage({ ottoflow: 1, ...message }, base.origin);
    else this.waiting.push(message);
  }
  /** The frame hears from now on. */
  private begin(): void {
    // it was loaded again: it knows nothing of what was said before
    if (this.ready) {
      const { sent } = this;
      this.letGo("the frame was loaded again before it answered");
      this.sent = sent;
      if (sent) this.post(sent);
    }
    this.ready = true;
    for (const message of this.waiting.splice(0)) this.post(message);
  }
  private letGo(why: string): void {
    this.waiting = [];
    this.sent = null;
    this.none = "";
    const waiting = [...this.answers.values()];
    this.answers.clear();
    for (const { reject } of waiting) reject(new Error(why));
  }
  private end(): void {
    this.turn++;
    this.frame?.remove();
    this.frame = null;
    this.ready = false;
    this.letGo("the flow was taken away before it answered");
  }
  private build(): void {
    const turn = ++this.turn;
    const [spec, link, flow] = [this.given ?? this.getAttribute("spec"), this.getAttribute("link"), this.getAttribute("flow")];
    const address = new URL("embed.html", base);
    if (location.origin !== "null") address.searchParams.set("origin", location.origin);
    for (const name of ["hide", "controls", "scheme"]) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    if (spec) address.searchParams.set("wait", "");
    else if (link) address.hash = link.slice(link.indexOf("#") + 1);
    else if (flow) address.searchParams.set("flow", flow);
    this.ready = false;
    // what was asked before there was a frame is asked of this one
    if (this.frame) this.letGo("the flow was replaced before it answered");
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("title") ?? "A gradient flow";
    frame.src = address.href;
    frame.allow = "cross-origin-isolated";
    frame.loading = "lazy";
    frame.style.cssText = "display:block;width:100%;height:100%;border:0";
    if (getComputedStyle(this).display === "inline") this.style.display = "block";
    if (this.clientHeight < 40) this.style.height = "28rem";
    this.replaceChildren(frame);
    this.frame = frame;
    if (spec) void this.open(spec, turn);
  }
  private async open(spec: string | Json, turn: number): Promise<void> {
    try {
      const [read, from] = await readSpec(spec);
      const files = await Promise.all(
        [...filesOf(read)].map(async (path) => [path, new Uint8Array(await (await fetched(new URL(path, from).href)).arrayBuffer())] as const),
      );
      if (turn !== this.turn) return;
      const message = { type: "open", spec: read, files: Object.fromEntries(files) };
      this.sent = message;
      // what was asked meanwhile is asked of this flow
      if (this.ready) this.post(message);
      else this.waiting.unshift(message);
    } catch (error) {
      if (turn !== this.turn) return;
      const message = error instanceof Error ? error.message : String(error);
      this.letGo(message);
      this.none = message;
      this.dispatchEvent(new CustomEvent("fault", { detail: { message, path: null } }));
    }
  }
}
async function fetched(address: string): Promise<Response> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer;
}
/** The spec, and the address that its files are beside. */
async function readSpec(spec: string | Json): Promise<readonly [Json, string]> {
  if (typeof spec !== "string") return [spec, document.baseURI];
  if (spec.trimStart().startsWith("{")) return [JSON.parse(spec) as Json, document.baseURI];
  const address = new URL(spec, document.baseURI).href;
  return [(await (await fetched(address)).json()) as Json, address];
}

if (!customElements.get("ottoflow-flow")) customElements.define("ottoflow-flow", OttoflowFlow);
