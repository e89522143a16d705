/** What everything looks like: words and plans of cards, styles of flows, colours; worked out when first needed and kept. */
import type { Overlay, Paint, ThemeName } from "../generated/schema";
import { isGhost, paintOfGhost } from "../model/ghosts";
import { kindOf, own } from "../model/kinds";
import { type Numbers, numbersOf } from "../model/numbers";
import type { MapReading } from "../model/reading";
import { openThreads } from "../model/threads";
import { type Piece, planCard } from "./cardplan";
import { categoriesOf, categoryColour } from "./categories";
import { type CardContent, cardContent, type Trouble, troubles } from "./content";
import { type FittedLabel, type FlowStyle, fitLabel, flowStyle, type Widths, widthsOf } from "./flowstyle";
import type { NodeItem } from "./items";
import { brief, type Measure } from "./text";
import { type Theme, themeOf } from "./theme";

export class Looks {
  theme: Theme;
  overlay: Overlay | undefined;
  /** Who looks at the map, as far as that is known. */
  voter = "";
  #numbers: Numbers = numbersOf("");
  #overlayName: string | null = null;
  #categories = new Map<string, number>();
  #widths: Widths = { volume: 0, painted: 0 };
  #comments = new Map<string, number>();
  #votes: MapReading["votes"] = new Map();
  #troubles = new Map<string, Trouble>();
  readonly #styles = new Map<string, FlowStyle>();
  readonly #contents = new Map<string, CardContent>();
  readonly #plans = new Map<number, Map<string, readonly Piece[]>>();

  constructor(
    readonly reading: MapReading,
    theme: ThemeName,
    readonly measure: Measure,
  ) {
    this.theme = themeOf(theme);
  }

  colour(item: NodeItem): string {
    return categoryColour(item.category, this.#categories, this.theme.categories);
  }

  paint(id: string): Paint | undefined {
    return own(this.overlay?.nodes, id);
  }

  content(id: string): CardContent {
    let content = this.#contents.get(id);
    if (!content) {
      const node = this.reading.nodes.get(id) ?? { kind: "", label: id };
      const comments = this.#comments.get(id) ?? 0;
      const trouble = this.#troubles.get(id) ?? "";
      const inside = kindOf(node.kind).holds ? this.reading.contentOf(id).size : 0; // fields lie beside their dataset
      const card = this.reading.cards.get(id);
      const [paint, votes] = [this.paint(id), this.#votes.get(id)];
      content = cardContent(node, card, comments, paint, trouble, this.#numbers, inside, votes, this.voter);
      this.#contents.set(id, content);
    }
    return content;
  }

  plan(item: NodeItem, scale: number): readonly Piece[] {
    let plans = this.#plans.get(scale);
    if (!plans) {
      plans = new Map();
      this.#plans.set(scale, plans);
    }
    let plan = plans.get(item.id);
    if (!plan) {
      const { width, height } = item.outline.rect;
      plan = planCard(this.content(item.id), width, height, scale, this.measure);
      plans.set(item.id, plan);
    }
    return plan;
  }

  style(key: string): FlowStyle {
    let style = this.#styles.get(key);
    if (!style) {
      const flow = this.reading.flows.get(key) ?? { source: "", target: "", kind: "" };
      style = flowStyle(flow, this.#paintOfFlow(key), this.#widths, this.theme, this.#numbers, isGhost(key));
      this.#styles.set(key, style);
    }
    return style;
  }

  /** The label of a flow cut to size; undefined when it has nothing to say. */
  label(key: string, scale: number): FittedLabel | undefined {
    const { label } = this.style(key);
    return label ? fitLabel(label, scale, this.measure) : undefined;
  }

  /** What the painted answer says about a flow beyond what its label has room for. */
  smallPrint(key: string): string {
    if (isGhost(key)) return String(this.reading.flows.get(key)?.sentence ?? "");
    const detail = own(this.overlay?.flows, key)?.detail ?? "";
    return brief(detail) === "" ? detail : "";
  }

  /** All that is said of a painted node, for which a small card may have no room. */
  said(id: string): string {
    return this.paint(id) ? this.content(id).spoken : "";
  }

  #paintOfFlow(key: string): Paint | undefined {
    return isGhost(key) ? paintOfGhost(this.reading, key) : own(this.overlay?.flows, key);
  }

  // ---- change ---------------------------------------------------------------------------------------

  setTheme(name: ThemeName): void {
    this.theme = themeOf(name);
    this.#styles.clear();
  }

  setLocale(locale: string): void {
    this.#numbers = numbersOf(locale);
    this.renewOverlay();
  }

  setOverlay(name: string | null): void {
    this.#overlayName = name;
    this.renewOverlay();
  }

  get isOverlayStale(): boolean {
    return this.#overlayNow() !== this.overlay;
  }

  #overlayNow(): Overlay | undefined {
    return this.#overlayName === null ? undefined : this.reading.overlays.get(this.#overlayName);
  }

  /** The painted answer anew, and with it every look. */
  renewOverlay(): void {
    this.overlay = this.#overlayNow();
    this.#troubles = troubles(this.overlay);
    this.#widths = widthsOf(this.reading.flows.values(), this.overlay);
    this.#styles.clear();
    this.#contents.clear();
    this.#plans.clear();
  }

  renew(): void {
    this.renewColours();
    this.renewComments();
    this.renewOverlay();
  }

  forgetCard(id: string): void {
    this.#contents.delete(id);
    for (const plans of this.#plans.values()) plans.delete(id);
  }

  forgetFlow(key: string): void {
    this.#styles.delete(key);
  }

  /** Whether another category has taken a colour that was given before. */
  renewColours(): boolean {
    const before = this.#categories;
    this.#categories = categoriesOf(this.reading.nodes.values());
    return [...before].some(([name, index]) => (this.#categories.get(name) ?? index) !== index);
  }

  /** Whether the widest flow stands for another volume now: then all widths are others. */
  renewWidths(): boolean {
    const { volume, painted } = this.#widths;
    this.#widths = widthsOf(this.reading.flows.values(), this.overlay);
    if (volume === this.#widths.volume && painted === this.#widths.painted) return false;
    this.#styles.clear();
    return true;
  }

  /** Open threads and votes per node anew; gives the nodes where they have changed. */
  renewComments(): string[] {
    const before = this.#comments;
    const counts = openThreads(this.reading.comments);
    this.#comments = counts;
    const votes = this.#votes;
    this.#votes = new Map(this.reading.votes);
    return [...before.keys(), ...counts.keys(), ...votes.keys(), ...this.#votes.keys()].filter(
      (id) => before.get(id) !== counts.get(id) || votes.get(id) !== this.#votes.get(id),
    );
  }
}
