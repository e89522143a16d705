/** Near cards as real HTML elements: built once, filled anew for whatever node they show. All text goes in as text. */
import { type Block, type Box, type CardPlan, sparkPath } from "./cardplan";
import { type CardContent, trendToken } from "./content";
import { iconElement, strokePath } from "./icons";
import type { NodeItem } from "./items";
import { borderWidth } from "./paintcard";
import { diamondPath } from "./shapes";

const SVG = "http://www.w3.org/2000/svg";

export class CardElement {
  readonly element = div("card");
  id = "";
  readonly #diamond = document.createElementNS(SVG, "svg");
  readonly #diamondPath = document.createElementNS(SVG, "path");
  readonly #edge = div("edge");
  readonly #title = div("title");
  readonly #strong = div("strong");
  readonly #soft = div("soft");
  readonly #value = div("value");
  readonly #unit = div("soft");
  readonly #trend = div("trend");
  readonly #spark = document.createElementNS(SVG, "svg");
  readonly #sparkPath = strokePath("");
  readonly #progress = div("progress");
  readonly #done = document.createElement("i");
  readonly #others = [0, 1].map(() => ({ value: div("strong"), unit: div("soft") }));
  readonly #text = div("text");
  readonly #tables = div("tables");
  readonly #tablesCount = document.createElement("span");
  readonly #badges = div("badges");
  readonly #trouble = document.createElement("span");
  readonly #comments = document.createElement("span");
  readonly #commentsCount = document.createElement("span");

  constructor() {
    const { element } = this;
    element.setAttribute("role", "button");
    element.tabIndex = -1;
    this.#diamond.setAttribute("class", "diamond");
    this.#diamond.setAttribute("aria-hidden", "true");
    this.#diamond.append(this.#diamondPath);
    this.#spark.setAttribute("class", "spark");
    this.#spark.setAttribute("aria-hidden", "true");
    this.#spark.append(this.#sparkPath);
    this.#sparkPath.setAttribute("stroke-width", "1.6");
    this.#progress.append(this.#done);
    this.#tables.append(iconElement("table"), this.#tablesCount);
    this.#trouble.className = "badge trouble";
    this.#trouble.append(iconElement("warning"));
    this.#comments.className = "badge";
    this.#comments.append(iconElement("comment"), this.#commentsCount);
    this.#badges.append(this.#trouble, this.#comments);
    element.append(
      this.#diamond,
      this.#edge,
      this.#title,
      this.#strong,
      this.#soft,
      this.#value,
      this.#unit,
      this.#trend,
    );
    element.append(this.#spark, this.#progress, this.#text, this.#tables);
    for (const other of this.#others) element.append(other.value, other.unit);
    element.append(this.#badges);
  }

  move(item: NodeItem): void {
    const { rect } = item.outline;
    this.element.style.transform = `translate(${rect.x}px,${rect.y}px)`;
  }

  fill(item: NodeItem, content: CardContent, plan: CardPlan, colour: string): void {
    const { element } = this;
    const { width, height } = item.outline.rect;
    this.id = item.id;
    element.dataset.node = item.id;
    element.dataset.shape = content.shape;
    element.setAttribute("aria-label", content.spoken);
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    element.style.zIndex = String(item.order);
    element.style.setProperty("--colour", colour);
    const border = borderWidth(content);
    element.style.setProperty("--border", `${border}px`);
    element.dataset.outcome = content.outcome;
    if (content.shape === "diamond") {
      this.#diamond.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.#diamondPath.setAttribute("d", diamondPath(border / 2, border / 2, width - border, height - border));
    }
    write(this.#title, plan.title, content.title, plan.centred);
    write(this.#strong, plan.strong, content.strong === "" ? plan.strong?.lines[0] : content.strong);
    write(this.#soft, plan.soft, plan.soft?.lines[0]);
    write(this.#value, plan.value, plan.value?.lines[0]);
    write(this.#unit, plan.unit, plan.unit?.lines[0]);
    write(this.#trend, plan.trend, plan.trend?.lines[0]);
    write(this.#text, plan.text, content.text);
    const main = content.figures[0];
    if (main) {
      this.#trend.dataset.tone = trendToken(main);
      this.#trend.style.textAlign = plan.trend?.alignEnd ? "right" : "";
      this.#value.title = main.hint;
    }
    for (const [i, { value, unit }] of this.#others.entries()) {
      const other = plan.others[i];
      write(value, other?.value ?? null, other?.value.lines[0]);
      write(unit, other?.unit ?? null, other?.unit.lines[0]);
    }
    const spark = main?.spark && plan.spark;
    show(this.#spark, Boolean(spark));
    if (spark && main.spark) {
      place(this.#spark, spark);
      this.#sparkPath.setAttribute("d", sparkPath(main.spark, { ...spark, x: 0, y: 0 }));
    }
    show(this.#progress, plan.progress !== null);
    if (plan.progress && main?.progress != null) {
      place(this.#progress, plan.progress);
      this.#done.style.width = `${Math.min(Math.max(main.progress, 0), 1) * 100}%`;
      this.#done.dataset.status = main.status;
    }
    show(this.#tables, plan.tables !== null);
    if (plan.tables) {
      place(this.#tables, plan.tables);
      this.#tablesCount.textContent = String(content.tables);
    }
    show(this.#trouble, content.trouble !== "");
    this.#trouble.dataset.tone = content.trouble;
    show(this.#comments, content.comments > 0);
    this.#commentsCount.textContent = String(Math.min(content.comments, 99));
    this.#comments.classList.toggle("wide", content.comments > 9);
    // What had to be cut short, and the small print of an answer, can be read on pointing.
    element.title = content.isPainted || isCut(plan) ? content.spoken : "";
  }
}

function isCut(plan: CardPlan): boolean {
  const blocks = [plan.title, plan.strong, plan.soft, plan.unit, plan.text];
  return blocks.some((block) => block?.lines.at(-1)?.endsWith("…") ?? false);
}

function div(name: string): HTMLDivElement {
  const element = document.createElement("div");
  element.className = name;
  return element;
}

function show(element: HTMLElement | SVGElement, isShown: boolean): void {
  element.style.display = isShown ? "" : "none";
}

function place(element: HTMLElement | SVGElement, box: Box): void {
  element.style.left = `${box.x}px`;
  element.style.top = `${box.y}px`;
  element.style.width = `${box.width}px`;
  element.style.height = `${box.height}px`;
}

function write(element: HTMLElement, block: Block | null, text: string | undefined, isCentred = false): void {
  show(element, block !== null);
  if (!block) return;
  const { style } = element;
  const count = block.lines.length;
  place(element, { x: block.x, y: block.y, width: block.width, height: block.leading * count });
  style.fontSize = `${block.size}px`;
  style.lineHeight = `${block.leading}px`;
  style.webkitLineClamp = String(count);
  style.textAlign = isCentred ? "center" : "";
  // The browser breaks the lines again, by the same widths; what had to be cut is given as it was cut.
  const isCutOff = count > 1 && block.lines.at(-1)?.endsWith("…");
  element.textContent = (isCutOff ? block.lines.join(" ") : text) ?? "";
}
