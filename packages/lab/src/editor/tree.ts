/** A JSON document as it is being written: its value as far as it can be read, and where each part stands. */
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Place } from "./schema.ts";

type SyntaxNode = ReturnType<typeof syntaxTree>["topNode"];
export interface Span {
  readonly from: number;
  readonly to: number;
}
export interface Tree {
  readonly value: unknown;
  /** by path, as `["energy",0]` */
  readonly spans: ReadonlyMap<string, Span>;
  /** of the key that leads there */
  readonly keys: ReadonlyMap<string, Span>;
}
const values = new Set(["Object", "Array", "String", "Number", "True", "False", "Null"]);
export const isValue = (node: SyntaxNode): boolean => values.has(node.name);
export const nameOf = (state: EditorState, node: SyntaxNode): string => word(state.sliceDoc(node.from, node.to));
function word(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replace(/^"|"$/g, "");
  }
}
const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
};

export function readTree(state: EditorState): Tree {
  const spans = new Map<string, Span>();
  const keys = new Map<string, Span>();
  const read = (node: SyntaxNode, path: Place): unknown => {
    spans.set(JSON.stringify(path), { from: node.from, to: node.to });
    if (node.name === "Array")
      return childrenOf(node)
        .filter(isValue)
        .map((item, i) => read(item, [...path, i]));
    if (node.name === "Object") {
      const entries = childrenOf(node).flatMap((property) => {
        const [name, value] = property.name === "Property" ? [property.getChild("PropertyName"), childrenOf(property).find(isValue)] : [null, undefined];
        if (!name) return [];
        const inner = [...path, nameOf(state, name)];
        keys.set(JSON.stringify(inner), { from: name.from, to: name.to });
        return value ? [[nameOf(state, name), read(value, inner)] as const] : [];
      });
      return Object.fromEntries(entries);
    }
    const text = state.sliceDoc(node.from, node.to);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };
  const top = childrenOf(syntaxTree(state).topNode).find(isValue);
  return { value: top ? read(top, []) : undefined, spans, keys };
}

/** The path of a value, an object's or a property's. */
export function pathOf(state: EditorState, node: SyntaxNode): Place {
  const path: (string | number)[] = [];
  for (let at: SyntaxNode | null = node; at?.parent; at = at.parent) {
    const above: SyntaxNode = at.parent;
    if (at.name === "Property") {
      const name = at.getChild("PropertyName");
      if (name) path.unshift(nameOf(state, name));
    } else if (above.name === "Array" && isValue(at)) {
      const here: SyntaxNode = at;
      path.unshift(
        childrenOf(above)
          .filter(isValue)
          .findIndex((item) => item.from === here.from),
      );
    }
  }
  return path;
}
