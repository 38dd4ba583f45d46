/** Keys of the whole page, where they do not belong to what has the focus. */
export interface Keys {
  undo(): void;
  redo(): void;
  /** by the names of keys, without modifiers */
  readonly acts: Readonly<Record<string, () => void>>;
}

/** Does what the key means, unless it is text that is typed, a button that is pressed or a slider that is moved. */
export function press(event: KeyboardEvent, { undo, redo, acts }: Keys): void {
  const target = event.target as HTMLElement;
  const command = event.ctrlKey || event.metaKey;
  // an editor undoes what was typed there by itself
  if (command && event.key.toLowerCase() === "z" && !target.closest(".cm-editor, textarea")) {
    event.preventDefault();
    if (event.shiftKey) redo();
    else undo();
    return;
  }
  const typing = target.matches("input, textarea, select, [contenteditable]") || target.closest(".cm-editor") !== null;
  if (typing || command || event.altKey) return;
  if (event.key === " " && target.matches("button, summary, a")) return;
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
