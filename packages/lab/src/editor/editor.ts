/** The spec as text: JSON with the words of the schema at hand, and marks where the text or the engine finds a fault. Loaded when the text is first shown. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, defaultHighlightStyle, HighlightStyle, indentOnInput, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { type Diagnostic, forceLinting, linter, lintKeymap } from "@codemirror/lint";
import { EditorState, StateEffect } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { isFormulaPlace, keysAt, mistakesOf, namesIn, type Offer, type Place, placeOf, type Schema, valuesAt } from "./schema.ts";
import { isValue, pathOf, readTree, type Tree } from "./tree.ts";

export interface Fault {
  readonly path: string;
  readonly message: string;
  /** a name that could be a parameter of the spec */
  readonly unknown?: string;
}
export interface SpecEditor {
  /** replaces the text, as one step that can be undone in the editor */
  show(text: string): void;
  /** takes the focus, with the cursor at this place */
  focus(at: number): void;
  /** what the engine says of the text as it stands; null where it has nothing to say */
  mark(fault: Fault | null): void;
  close(): void;
}
export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  /** a name is to become a parameter of the spec that runs */
  readonly onName: (name: string) => void;
}

const schemas: Record<string, Schema | undefined> = {};
async function loadSchemas(): Promise<void> {
  const [flow, path] = await Promise.all([import("ottoflow/flow.schema.json"), import("ottoflow/path.schema.json")]);
  schemas.flow = flow.default as unknown as Schema;
  schemas.path = path.default as unknown as Schema;
}
const schemaOf = (value: unknown): Schema => schemas[(value as { job?: string } | null)?.job === "path" ? "path" : "flow"] as Schema;

/** the engine has spoken: the text is looked at again although it is the same */
const judged = StateEffect.define<null>();

const theme = EditorView.theme({
  "&": { fontSize: "12.5px", border: "1px solid var(--line)", borderRadius: "var(--radius)", background: "var(--ground)", color: "var(--ink)", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--raised)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--accent) 28%, transparent) !important" },
  ".cm-tooltip": { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "var(--radius)", maxWidth: "26rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionInfo": { whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
});
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warm)" },
]);

const spanOf = (tree: Tree, path: Place, key = false): { from: number; to: number } => {
  for (let n = path.length; n >= 0; n--) {
    const name = JSON.stringify(path.slice(0, n));
    // a fault of a whole object is shown at its key, not under all of its lines
    const span = key || n < path.length ? (tree.keys.get(name) ?? tree.spans.get(name)) : (tree.spans.get(name) ?? tree.keys.get(name));
    if (span) return span.to - span.from > 400 ? { from: span.from, to: span.from + 1 } : span;
  }
  return { from: 0, to: 0 };
};

function complete(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context;
  const tree = readTree(state);
  const schema = schemaOf(tree.value);
  const node = syntaxTree(state).resolveInner(pos, -1);
  const offer = (kind: "property" | "constant", from: number, to: number, offers: readonly Offer[], apply: (o: Offer) => string): CompletionResult => ({
    from,
    to,
    filter: true,
    options: offers.map((o): Completion => ({ label: kind === "property" ? `"${o.label}"` : o.label, info: o.info, type: kind, apply: apply(o) })),
  });
  const keys = (object: typeof node, from: number, to: number, colon: boolean): CompletionResult => {
    const path = pathOf(state, object);
    const present = Object.fromEntries(
      Object.entries((valueAt(tree.value, path) ?? {}) as object).filter(([k]) => tree.keys.get(JSON.stringify([...path, k]))?.from !== from),
    );
    return offer("property", from, to, keysAt(schema, tree.value, path, present), (o) => `"${o.label}"${colon ? "" : `: ${o.text}`}`);
  };
  if (node.name === "PropertyName" && node.parent?.parent)
    return keys(node.parent.parent, node.from, node.to, /^\s*:/.test(state.sliceDoc(node.to, node.to + 20)));
  const names = node.name === "String" ? context.matchBefore(/[A-Za-z]\w*/) : null;
  if (names && isFormulaPlace(schema, tree.value, pathOf(state, node), state.sliceDoc(node.from, node.to)))
    return offer("constant", names.from, pos, namesIn(tree.value), (o) => o.text);
  if (isValue(node) && node.name !== "Object" && node.name !== "Array")
    return offer("constant", node.from, node.to, valuesAt(schema, tree.value, pathOf(state, node)), (o) => o.text);
  const word = context.matchBefore(/[\w"$-]*/);
  const from = word?.from ?? pos;
  const before = state
    .sliceDoc(Math.max(0, from - 200), from)
    .trimEnd()
    .at(-1);
  let around: typeof node | null = node;
  while (around && around.name !== "Object" && around.name !== "Array" && around.name !== "Property") around = around.parent;
  if (!around || (!context.explicit && from === pos && before !== ":")) return null;
  if (around.name === "Property" && before === ":") return offer("constant", from, pos, valuesAt(schema, tree.value, pathOf(state, around)), (o) => o.text);
  if (around.name === "Property") around = around.parent ?? around;
  if (around.name === "Object" && (before === "{" || before === ",")) return keys(around, from, pos, false);
  if (around.name === "Array" && (before === "[" || before === ","))
    return offer("constant", from, pos, valuesAt(schema, tree.value, [...pathOf(state, around), 0]), (o) => o.text);
  return null;
}
const valueAt = (value: unknown, path: Place): unknown =>
  path.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], value);

export async function openEditor({ parent, text, label, onChange, onRun, onName }: EditorOptions): Promise<SpecEditor> {
  await loadSchemas();
  let fault: Fault | null = null;
  const broken = jsonParseLinter();
  const faults = (view: EditorView): Diagnostic[] => {
    const syntax = broken(view);
    if (syntax.length > 0) return syntax;
    const tree = readTree(view.state);
    const found: Diagnostic[] = mistakesOf(schemaOf(tree.value), tree.value).map(({ path, message, key }) => ({
      ...spanOf(tree, path, key),
      severity: "error",
      message,
    }));
    if (fault) {
      const { path, message, unknown } = fault;
      const actions = unknown ? [{ name: `Add ${unknown} as a parameter`, apply: () => onName(unknown) }] : [];
      found.push({ ...spanOf(tree, placeOf(path)), severity: "error", source: "engine", message, actions });
    }
    return found;
  };
  const run = (): boolean => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        json(),
        syntaxHighlighting(colours),
        syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        autocompletion({ override: [complete], icons: false }),
        linter(faults, { delay: 300, needsRefresh: (update) => update.transactions.some(({ effects }) => effects.some((effect) => effect.is(judged))) }),
        keymap.of([{ key: "Mod-Enter", run }, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, id: "spec-text", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
        theme,
      ],
    }),
  });
  forceLinting(view);
  return {
    show(next) {
      if (next !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    mark(next) {
      fault = next;
      // a fault out of sight would be none
      const sight = next ? [EditorView.scrollIntoView(spanOf(readTree(view.state), placeOf(next.path)).from, { y: "center" })] : [];
      view.dispatch({ effects: [judged.of(null), ...sight] });
      forceLinting(view);
    },
    focus(at) {
      view.focus();
      view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) } });
    },
    close: () => view.destroy(),
  };
}
