/** A round badge with the letters that stand for somebody, in a colour of their own. */
import { CATEGORIES, type ThemeName } from "../generated/schema";
import { initials } from "../model/threads";

export function Initials({ name, theme }: { name: string; theme: ThemeName }) {
  const colours = CATEGORIES[theme];
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return (
    <span class="initials" aria-hidden="true" style={{ "--colour": colours[sum % colours.length] }}>
      {initials(name)}
    </span>
  );
}
