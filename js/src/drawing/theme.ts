/** Light and dark: the design tokens as values for the canvas and as CSS custom properties. */
import { CATEGORIES, HEAT, THEMES, type ThemeName, type Tokens } from "../generated/schema";

export interface Theme {
  readonly name: ThemeName;
  readonly tokens: Tokens;
  readonly categories: readonly string[];
  readonly heat: readonly string[];
}

export function themeOf(name: ThemeName): Theme {
  return { name, tokens: THEMES[name], categories: CATEGORIES[name], heat: HEAT[name] };
}

/** Custom properties by name: `--crm-<token>`, `--crm-heat-<i>`, `--crm-category-<i>`. */
export function themeProperties(name: ThemeName): Record<string, string> {
  const { tokens, categories, heat } = themeOf(name);
  const properties: Record<string, string> = { "color-scheme": name };
  for (const [token, value] of Object.entries(tokens)) properties[`--crm-${token.replaceAll("_", "-")}`] = value;
  for (const [i, value] of heat.entries()) properties[`--crm-heat-${i}`] = value;
  for (const [i, value] of categories.entries()) properties[`--crm-category-${i}`] = value;
  properties["--crm-shadow"] =
    name === "light" ? "0 1px 2px #1b233014, 0 4px 14px #1b23300f" : "0 1px 2px #0006, 0 6px 18px #0005";
  return properties;
}

/** The same as a rule of CSS, for the root that panels and surface share. */
export function themeCss(name: ThemeName, selector = ":host"): string {
  const lines = Object.entries(themeProperties(name)).map(([property, value]) => `${property}:${value}`);
  return `${selector}{${lines.join(";")}}`;
}

/** The shadow that a card throws, as canvas wants it: two layers of blur, offset and colour. */
export function cardShadow(name: ThemeName): readonly { blur: number; y: number; colour: string }[] {
  return name === "light"
    ? [
        { blur: 2, y: 1, colour: "#1b233018" },
        { blur: 14, y: 4, colour: "#1b233014" },
      ]
    : [
        { blur: 2, y: 1, colour: "#00000066" },
        { blur: 18, y: 6, colour: "#00000055" },
      ];
}
