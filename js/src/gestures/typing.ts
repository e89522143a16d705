/** Whether something is being typed: then keys and the clipboard are the field's. */

export function isField(target: unknown): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
