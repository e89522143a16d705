import { expect, test } from "vitest";
import { keyNames, shortcut } from "../../src/panels/buttons";

test.each([
  ["Mod+Shift+z", "Ctrl+Shift+Z", "⌘⇧Z"],
  ["Alt+ArrowLeft", "Alt+←", "⌥←"],
  ["Mod+f", "Ctrl+F", "⌘F"],
  ["+", "+", "+"],
  ["Escape", "Esc", "Esc"],
  ["?", "?", "?"],
])("%s is written %s, and on a Mac %s", (keys, elsewhere, onMac) => {
  expect(shortcut(keys, false)).toBe(elsewhere);
  expect(shortcut(keys, true)).toBe(onMac);
});

test("keys are told one by one", () => {
  expect(keyNames("Mod+Shift+z", false)).toEqual(["Ctrl", "Shift", "Z"]);
  expect(keyNames("Double-click", true)).toEqual(["Double-click"]);
});
