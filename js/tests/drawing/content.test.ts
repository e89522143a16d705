import { describe, expect, test } from "vitest";
import { planCard } from "../../src/drawing/cardplan";
import { categoriesOf, categoryColour, categoryName } from "../../src/drawing/categories";
import { cardContent, trendText, troubles } from "../../src/drawing/content";
import { fitLabel, flowStyle, flowWidth, labelOf, widthsOf } from "../../src/drawing/flowstyle";
import { heatColour } from "../../src/drawing/heat";
import { laneBands } from "../../src/drawing/lanes";
import { levelAt, typeScale } from "../../src/drawing/level";
import { themeOf, themeProperties } from "../../src/drawing/theme";
import { type Figure, GEOMETRY, HEAT, NODE_KINDS, type Paint } from "../../src/generated/schema";
import { kindOf } from "../../src/model/kinds";
import { numbersOf } from "../../src/model/numbers";
import { measure } from "./reading";

const figure = (extra: Partial<Figure> = {}): Figure => ({
  label: "leads",
  value: 8300,
  text: "8 300",
  unit: "leads",
  trend: null,
  target: null,
  progress: null,
  status: "none",
  spark: null,
  hint: "",
  ...extra,
});
const paint = (extra: Partial<Paint> = {}): Paint => ({ heat: null, text: "", detail: "", width: null, ...extra });
const stage = { kind: "stage", label: "Opportunity", team: "Sales", systems: ["Salesforce", "Slack"] };

describe("a card", () => {
  test("says who and where below its name", () => {
    expect(cardContent(stage, undefined, 0, undefined, "").soft).toBe("Sales · Salesforce");
  });

  test("gives that line to the painted answer", () => {
    const content = cardContent(stage, undefined, 0, paint({ text: "31 d", detail: "58 % of waiting", heat: 1 }), "");
    expect([content.strong, content.soft, content.heat]).toEqual(["31 d", "58 % of waiting", 1]);
  });

  test("writes its own level and the volume of flows in the locale, and what the kernel wrote as it is", () => {
    const german = numbersOf("de-DE");
    const capability = { kind: "capability", label: "Scoring", current: 2.5, goal_level: 4 };
    expect(cardContent(capability, undefined, 0, undefined, "", german).figures[0]?.text).toBe("2,5");
    const card = { figures: [figure({ text: "8.300" })], tables: [] };
    expect(cardContent(stage, card, 0, undefined, "", german).figures[0]?.text).toBe("8.300");
    expect(labelOf({ source: "a", target: "b", kind: "flow", volume: 5118 }, undefined, german)?.strong).toBe("5.118");
  });

  test("keeps a sentence of small print for the ear and the pointer", () => {
    const detail = "Of 8 800 entered: 8 300 forward, 500 open.";
    const content = cardContent(stage, undefined, 0, paint({ text: "8 800 · 94 % forward", detail }), "");
    expect([content.strong, content.soft]).toEqual(["8 800 · 94 % forward", ""]);
    expect(content.spoken).toContain(detail);
    expect(cardContent(stage, undefined, 0, paint({ detail }), "").soft).toBe("Sales · Salesforce");
  });

  test("says how many votes it has, and shows its mark filled where one's own is among them, near and far", () => {
    const voted = (voter: string) =>
      cardContent(stage, undefined, 0, undefined, "", numbersOf(""), 0, new Set(["Ada", "Bo"]), voter);
    expect(voted("Cleo").spoken).toContain("2 votes");
    expect(voted("Ada").spoken).toContain("2 votes with yours");
    const tones = (voter: string, scale: number) =>
      planCard(voted(voter), 200, 120, scale, measure)
        .slice(-3)
        .map((piece) => (piece.type === "spark" ? "" : piece.tone));
    for (const scale of [1, 2.2]) {
      expect(tones("Cleo", scale)).toEqual(["card", "accent", "text"]);
      expect(tones("Ada", scale)).toEqual(["accent", "on_accent", "on_accent"]);
    }
  });

  test("looks the same whether a figure leaves out what is not set, as it travels, or says so, as it once did", () => {
    const drawn = (one: Figure) =>
      planCard(cardContent(stage, { figures: [one], tables: [] }, 0, undefined, ""), 200, 120, 1, measure);
    expect(drawn({ label: "leads", value: 8300, text: "8 300" })).toEqual(drawn(figure({ unit: "" })));
    const half = { label: "leads", value: 8300, text: "8 300", progress: 0.5 };
    expect(drawn(half)).toEqual(drawn(figure({ unit: "", progress: 0.5 })));
  });

  test("without figures shows its objective, else its activities", () => {
    const objective = { ...stage, objective: "Win", actions: ["call"] };
    expect(cardContent(objective, undefined, 0, undefined, "").text).toBe("Win");
    expect(cardContent({ ...stage, actions: ["call", "visit"] }, undefined, 0, undefined, "").text).toBe(
      "call · visit",
    );
  });

  test("is spoken whole: name, kind, team, figures, comments", () => {
    const card = { figures: [figure({ trend: { text: "+4 %", direction: "up", is_good: true } })], tables: ["t"] };
    const { spoken } = cardContent(stage, card, 2, undefined, "bad");
    expect(spoken).toBe(
      "Opportunity, Stage, Sales · Salesforce, leads 8 300 +4 %, 1 table attached, 2 open comments, problem",
    );
  });

  test("of an unknown kind is still a card", () => {
    expect(cardContent({ kind: "constructor", label: "" }, undefined, 0, undefined, "").title).toBe("Node");
  });

  test("warns where a figure is bad or a finding says so", () => {
    expect(cardContent(stage, { figures: [figure({ status: "bad" })], tables: [] }, 0, undefined, "").trouble).toBe(
      "bad",
    );
    const finding = { severity: "warn" as const, sentence: "", evidence: "", suggestion: "", nodes: ["a"], flows: [] };
    const overlay = { title: "", subtitle: "", legend: null, nodes: {}, flows: {}, findings: [finding], table: null };
    expect(troubles(overlay).get("a")).toBe("warn");
  });

  test("tells a trend by a sign even where its text has none", () => {
    expect(trendText(figure({ trend: { text: "12 %", direction: "down", is_good: true } }))).toBe("↓ 12 %");
    expect(trendText(figure({ trend: { text: "−3 %", direction: "down", is_good: false } }))).toBe("−3 %");
  });
});

describe("the plan of a card", () => {
  const long = "Webinars and events for partners, prospects and everybody else in reach";
  const spark = [1, 2, 3];
  const trend = { text: "+4.2 %", direction: "up" as const, is_good: true };
  const sets: Figure[][] = [
    [],
    [figure()],
    [figure({ trend, spark, progress: 0.5 })],
    [figure({ trend, spark, progress: 0.5, text: "€ 1 234 567 890" }), figure(), figure({ text: "€ 12 345 678" })],
  ];

  test.each(Object.keys(NODE_KINDS))("of kind %s keeps every piece inside, none on another", (name) => {
    const kind = kindOf(name);
    for (const figures of sets) {
      for (const label of ["Quote", long]) {
        for (const scale of [1, 1.15, 1.3, 1.45, 1.65, 1.9, 2.2]) {
          const node = { kind: name, label, objective: long, systems: [long] };
          const content = cardContent(node, { figures, tables: ["t"] }, 0, paint({ text: "58 %", detail: long }), "");
          const plan = planCard(content, kind.width, kind.height, scale, measure);
          for (const piece of plan) {
            expect(piece.x).toBeGreaterThanOrEqual(0);
            expect(piece.y).toBeGreaterThanOrEqual(0);
            expect(piece.x + piece.width).toBeLessThanOrEqual(kind.width + 0.01);
            expect(piece.y + piece.height).toBeLessThanOrEqual(kind.height + 0.01);
          }
          const row = (...roles: string[]) =>
            plan.find((piece) => piece.type === "text" && roles.includes(piece.role) && piece.y > 0);
          const bar = plan.find((piece) => piece.type === "bar");
          let floor = 0;
          for (const piece of [row("title"), row("soft", "strong"), row("value"), row("text"), bar]) {
            if (!piece) continue;
            expect(piece.y).toBeGreaterThanOrEqual(floor - 0.01);
            floor = piece.y + piece.height;
          }
        }
      }
    }
  });

  test.each(["34.8\u202f% · 421 of 1\u202f210 · 12\u202f% lost", "8.78 in progress", "1\u202f070 · 18.8\u202fh"])(
    "no figure of an answer is cut within a number, at any size: %s",
    (text) => {
      for (const name of Object.keys(NODE_KINDS)) {
        const { width, height } = kindOf(name);
        for (const scale of [1, 1.15, 1.3, 1.45, 1.65, 1.9, 2.2]) {
          const content = cardContent({ kind: name, label: "Quote" }, undefined, 0, paint({ text }), "");
          const plan = planCard(content, width, height, scale, measure);
          const written = plan.flatMap((piece) =>
            piece.type === "text" && ["strong", "value", "unit"].includes(piece.role) ? piece.lines : [],
          );
          for (const line of written) expect(line).not.toMatch(/\d…/);
          // As much as is written is the beginning of the text, and all that a wide card has room for.
          expect(written.length === 0 || text.startsWith(written[0] ?? "")).toBe(true);
        }
      }
    },
  );

  test("has its badges on the upper border, and only where the card is near", () => {
    const content = cardContent(stage, undefined, 12, undefined, "bad");
    const icons = (scale: number) =>
      planCard(content, 200, 120, scale, measure).flatMap((piece) => (piece.type === "icon" ? [piece.icon] : []));
    expect([1, 1.3].map(icons)).toEqual([
      ["comment", "warning"],
      ["comment", "warning"],
    ]);
    expect(icons(1.45)).toEqual([]);
  });

  test("says an answer that begins with a number in large letters where it has no figure of its own", () => {
    const answered = (text: string, figures: Figure[] = []) => {
      const content = cardContent(stage, { figures, tables: [] }, 0, paint({ text }), "");
      return planCard(content, 200, 120, 1, measure)
        .flatMap((piece) => (piece.type === "text" && ["strong", "value", "unit"].includes(piece.role) ? [piece] : []))
        .map(({ role, lines }) => [role, ...lines]);
    };
    expect(answered("60.5\u202f% · 18.1\u202fd")).toEqual([
      ["value", "60.5\u202f%"],
      ["unit", "18.1\u202fd"],
    ]);
    expect(answered("200 in progress")).toEqual([
      ["value", "200"],
      ["unit", "in progress"],
    ]);
    expect(answered("500")).toEqual([["value", "500"]]);
    expect(answered("34.8\u202f% · 421 of 1\u202f210 · 12\u202f% lost on the way")[0]?.[0]).toBe("strong");
    expect(answered("not reached")).toEqual([["strong", "not reached"]]);
    expect(answered("500", [figure({ text: "7", label: "open" })])).toEqual([
      ["strong", "500"],
      ["value", "7"],
      ["unit", "open"],
    ]);
  });

  test("sets larger type where the map is small, and never cuts a name that is whole at the near size", () => {
    const content = cardContent({ kind: "stage", label: "Nurture and qualify" }, undefined, 0, undefined, "");
    for (const scale of [1, 1.15, 1.3]) {
      const [title] = planCard(content, 200, 120, scale, measure);
      expect(title?.type === "text" && title.lines.join(" ")).toBe("Nurture and qualify");
    }
    const end = cardContent({ kind: "end", label: "Lost deal" }, undefined, 0, paint({ text: "9 lost" }), "");
    const { width, height } = kindOf("end");
    for (const scale of [1, 1.15, 1.3])
      expect(planCard(end, width, height, scale, measure)[0]).toMatchObject({ lines: ["Lost deal"] });
    const short = cardContent({ kind: "stage", label: "Demo" }, undefined, 0, undefined, "");
    expect(planCard(short, 200, 120, 1.3, measure)[0]).toMatchObject({ size: 16.5 });
  });

  test("a name in larger type never breaks a word that fits at the near size", () => {
    const content = cardContent({ kind: "stage", label: "Negotiation" }, undefined, 0, undefined, "");
    expect(planCard(content, 200, 120, 2.2, measure)[0]).toMatchObject({ role: "title", lines: ["Negotiation"] });
  });
});

describe("categories", () => {
  const nodes = [
    { kind: "stage", label: "a", team: "Sales" },
    { kind: "stage", label: "b", owner: "Ann" },
    { kind: "system", label: "c", team: " " },
    { kind: "stage", label: "d", team: "Sales" },
  ];

  test("team comes before owner, owner before kind", () => {
    expect(nodes.map(categoryName)).toEqual(["Sales", "Ann", "system", "Sales"]);
  });

  test("colours follow the order of the names, whatever came first, and begin again after the last", () => {
    const order = categoriesOf(nodes);
    expect([...order]).toEqual([
      ["Ann", 0],
      ["Sales", 1],
      ["system", 2],
    ]);
    expect(categoriesOf([...nodes].reverse())).toEqual(order);
    expect(categoryColour("system", order, ["red", "blue"])).toBe("red");
  });
});

describe("a flow", () => {
  const flows = [1, 25, 100].map((volume) => ({ source: "a", target: "b", kind: "flow", volume }));
  const widths = widthsOf(flows, undefined);

  test("is as wide as the root of its share of the greatest volume", () => {
    const [low, middle, high] = flows.map((flow) => flowWidth(flow, undefined, widths));
    expect(high).toBe(GEOMETRY.flow_width_max);
    expect((middle ?? 0) - GEOMETRY.flow_width).toBeCloseTo((GEOMETRY.flow_width_max - GEOMETRY.flow_width) / 2);
    expect(low).toBeGreaterThan(GEOMETRY.flow_width);
  });

  test("shows the painted answer before its label, and its label before its volume", () => {
    const flow = { source: "a", target: "b", kind: "flow", label: "qualified", volume: 5118 };
    expect(labelOf(flow, paint({ text: "5 118", detail: "62 %" }))).toEqual({ strong: "5 118", soft: "62 %" });
    expect(labelOf(flow, undefined)).toEqual({ strong: "", soft: "qualified" });
    expect(labelOf({ ...flow, label: "" }, undefined)).toEqual({ strong: "5\u202f118", soft: "" });
    expect(labelOf({ source: "a", target: "b", kind: "flow" }, undefined)).toBeNull();
  });

  test("keeps a sentence of small print out of its label", () => {
    const flow = { source: "a", target: "b", kind: "flow", label: "qualified" };
    const sentence = "4 238 of 8 300 that entered.";
    expect(labelOf(flow, paint({ text: "4 238 · 51 %", detail: sentence }))).toEqual({
      strong: "4 238 · 51 %",
      soft: "",
    });
    expect(labelOf(flow, paint({ detail: sentence }))).toEqual({ strong: "", soft: "qualified" });
  });

  test("takes the colour of its heat, and the dashes of its kind", () => {
    const theme = themeOf("light");
    const flow = { source: "a", target: "b", kind: "depends" };
    expect(flowStyle(flow, undefined, widths, theme).colour).toBe(theme.tokens.flow);
    expect(flowStyle(flow, paint({ heat: 1 }), widths, theme).colour).toBe(heatColour(1, HEAT.light));
    expect(flowStyle(flow, undefined, widths, theme).dash).toEqual([5, 4]);
  });

  test("has a label no wider than the design allows", () => {
    for (const scale of [1, 1.55]) {
      const fitted = fitLabel({ strong: "5 118", soft: "a very long label that nobody reads" }, scale, measure);
      expect(fitted.width).toBeLessThanOrEqual(Math.ceil(GEOMETRY.label_max_width * scale));
    }
  });
});

describe("lanes", () => {
  test("never overlap, even where their nodes do", () => {
    const bands = laneBands([
      ["b", { x: 0, y: 100, width: 200, height: 120 }],
      ["a", { x: 300, y: 0, width: 200, height: 120 }],
    ]);
    expect(bands.map((band) => band.name)).toEqual(["a", "b"]);
    const [first, second] = bands.map((band) => band.rect);
    expect((first?.y ?? 0) + (first?.height ?? 0)).toBeLessThan(second?.y ?? 0);
    expect(first?.width).toBe(second?.width);
  });
});

describe("lanes with a node out of place", () => {
  test("are not widened by it", () => {
    const row = (lane: string, y: number): [string, { x: number; y: number; width: number; height: number }][] =>
      [0, 1, 2].map((i) => [lane, { x: i * 300, y, width: 200, height: 120 }]);
    const tidy = laneBands([...row("a", 0), ...row("b", 300)]);
    const stray: [string, { x: number; y: number; width: number; height: number }] = [
      "b",
      { x: 900, y: 10, width: 200, height: 120 },
    ];
    const bands = laneBands([...row("a", 0), ...row("b", 300), stray]);
    expect(bands.map(({ rect }) => [rect.y, rect.height])).toEqual(tidy.map(({ rect }) => [rect.y, rect.height]));
  });
});

describe("levels", () => {
  test("go from blocks over names to whole cards", () => {
    expect([0.1, 0.3, 0.8].map(levelAt)).toEqual(["far", "middle", "near"]);
  });

  test("type does not change at the near threshold", () => {
    expect(typeScale(GEOMETRY.near_zoom - 1e-6)).toBe(typeScale(GEOMETRY.near_zoom));
  });

  test("names never fall below six pixels while cards have names", () => {
    for (let k = GEOMETRY.far_zoom; k < GEOMETRY.near_zoom; k += 0.01) {
      expect(k * typeScale(k) * GEOMETRY.title_size).toBeGreaterThan(6);
    }
  });
});

describe("the theme", () => {
  test("names every token as a custom property", () => {
    const properties = themeProperties("dark");
    expect(properties["--crm-line-strong"]).toBe("#455164");
    expect(properties["--crm-heat-0"]).toBe(HEAT.dark[0]);
  });

  test("heat outside of 0 to 1 takes the end of the scale", () => {
    expect(heatColour(7, HEAT.light)).toBe(heatColour(1, HEAT.light));
    expect(heatColour(-1, HEAT.light)).toBe(heatColour(0, HEAT.light));
  });
});
