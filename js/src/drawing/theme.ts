/** Light and dark: the design tokens as values for the canvas and as CSS custom properties. */
import { CATEGORIES, HEAT, SHADOWS, THEMES, type ThemeName, type Tokens } from "../generated/schema";

export interface Theme {
  readonly name: ThemeName;
  readonly tokens: Tokens;
  readonly categories: readonly string[];
  readonly heat: readonly string[];
}

export function themeOf(name: ThemeName): Theme {
  return { name, tokens: THEMES[name], categories: CATEGORIES[name], heat: HEAT[name] };
}

/** Custom properties by name: `--crm-<token>`, and `--crm-heat-<i>` for the legend. */
export function themeProperties(name: ThemeName): Record<string, string> {
  const { tokens, heat } = themeOf(name);
  const named = [...Object.entries(tokens), ...heat.map((colour, i) => [`heat_${i}`, colour])];
  const shadows = SHADOWS[name].map(({ y, blur, colour }) => `0 ${y}px ${blur}px ${colour}`);
  return {
    "color-scheme": name,
    ...Object.fromEntries(named.map(([token = "", value]) => [`--crm-${token.replace("_", "-")}`, value])),
    "--crm-shadow": shadows.join(),
  };
}

/** The same as a rule of CSS, for the root that panels and surface share. */
export function themeCss(name: ThemeName): string {
  const lines = Object.entries(themeProperties(name)).map(([property, value]) => `${property}:${value}`);
  return `:host{${lines.join(";")}}`;
}
