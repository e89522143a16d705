// Generated from crmwidget/vocabulary.py, design.py and sync/messages.py. Do not edit: run `make schema`.


export type Path = string[];

export type Attributes = Record<string, unknown>;

/** How a figure moved: its text, and whether that is welcome. */
export interface Trend {
  text: string;
  direction: "up" | "down" | "flat";
  is_good: boolean | null;
}

/** One figure on a card. `text` is the value as shown, unit and all; `progress` its share of the target, 0 to 1. */
export interface Figure {
  label: string;
  value: number | null;
  text: string;
  unit?: string;
  trend?: Trend | null;
  target?: number | null;
  progress?: number | null;
  status?: "good" | "warn" | "bad" | "none";
  spark?: number[] | null;
  hint?: string;
}

/** What data says about one node: at most three figures, and badges such as the attached tables. */
export interface Card {
  figures: Figure[];
  tables: string[];
}

/** What the colours mean: a title with its unit, and the texts along the scale; `ghosts` says what is dashed. */
export interface Legend {
  title: string;
  unit: string;
  ticks: string[];
  ghosts?: string;
}

/** What an answer paints on one node or flow: heat 0 to 1 on the legend's scale, a text, its small print. */
export interface Paint {
  heat: number | null;
  text: string;
  detail: string;
  width: number | null;
}

/** A flow that happens though none is drawn from the one node to the other: how it is painted, and in a sentence. */
export interface Ghost {
  source: string;
  target: string;
  paint: Paint;
  sentence: string;
}

/** One sentence of an answer, the elements that it is about, its evidence and a next step. */
export interface Finding {
  severity: "bad" | "warn" | "good" | "info";
  sentence: string;
  evidence: string;
  suggestion: string;
  nodes: string[];
  flows: string[];
}

/** A small table of aggregates, already formatted for reading. */
export interface OverlayTable {
  columns: string[];
  rows: string[][];
}

/** A number of a stage or flow that can be tried otherwise: what it is, what is tried, and between what. */
export interface Lever {
  title: string;
  baseline: number | null;
  value: number | null;
  least: number;
  most: number;
  step: number;
  unit: string;
  is_given?: boolean;
  is_measured?: boolean;
}

/** A figure of the whole map, as it is and as it would be; `is_good` where it moves at all. */
export interface Effect {
  label: string;
  before: string;
  after: string;
  is_good: boolean | null;
}

/** What of an answer can be tried otherwise, by node and attribute and by flow, and what that does to the whole. */
export interface Levers {
  effects: Effect[];
  nodes: Record<string, Record<string, Lever>>;
  flows: Record<string, Lever>;
  note: string;
}

/** An answer painted on the map. */
export interface Overlay {
  title: string;
  subtitle: string;
  legend: Legend | null;
  nodes: Record<string, Paint>;
  flows: Record<string, Paint>;
  findings: Finding[];
  table: OverlayTable | null;
  levers?: Levers | null;
  ghosts?: Ghost[];
}

/** An answer once more for each value of one attribute, for a reader who cannot ask again; held back together. */
export interface Segments {
  by: string;
  parts: Record<string, Overlay>;
}

/** One element added (`add`), changed (`set`, `unset`) or removed (`remove`). */
export interface Change {
  at: string[];
  add?: Record<string, unknown> | null;
  set?: Record<string, unknown> | null;
  unset?: string[] | null;
  remove?: boolean;
}

/** A view has mounted. */
export interface Hello {
  op: "hello";
  client: string;
}

/** A view has missed a patch and asks for the whole document. */
export interface Resync {
  op: "resync";
  client: string;
}

/** One gesture: proposed changes, all or nothing; ids of new elements start with `~` until the kernel names them. */
export interface Edit {
  op: "edit";
  client: string;
  id: number;
  base: number;
  label: string;
  changes: Change[];
}

/** Take the last step back, whoever made it. */
export interface Undo {
  op: "undo";
  client: string;
  id: number;
}

/** Make the step that was taken back again. */
export interface Redo {
  op: "redo";
  client: string;
  id: number;
}

/** Lay the map out again; pinned nodes stay unless `unpin`. `lanes` names an attribute, or `""` for no lanes. */
export interface Arrange {
  op: "arrange";
  client: string;
  id: number;
  unpin?: boolean;
  lanes?: string | null;
}

/** Fill an empty map from a template's name, or add typed text (`a -> b -> c`, a list, a table) to any map. */
export interface Build {
  op: "build";
  client: string;
  id: number;
  template?: string | null;
  text?: string | null;
  parent?: string | null;
  x?: number | null;
  y?: number | null;
}

/** Run a registered question on the live map and paint its answer. */
export interface Ask {
  op: "ask";
  client: string;
  id: number;
  question: string;
}

/** Give up a question or a layout that the view's `operation` has begun; it is then refused. */
export interface Cancel {
  op: "cancel";
  client: string;
  operation: number;
}

/** Take a painted answer off the map. */
export interface Hide {
  op: "hide";
  client: string;
  id: number;
  overlay: string;
}

/** Ask all questions of these cases only, of all where nothing is said; days are as `2026-01-31`. */
export interface Filter {
  op: "filter";
  client: string;
  id: number;
  values?: Record<string, string[]>;
  since?: string;
  until?: string;
  outcome?: string[];
}

/** Say what activities of an event log mean: the node that each is known as, or a new stage; one step of undo. */
export interface Match {
  op: "match";
  client: string;
  id: number;
  means?: Record<string, string>;
  add?: string[];
}

/** Ask the painted what-if again with all these changes: attributes of nodes, and probabilities of flows by key. */
export interface WhatIf {
  op: "what_if";
  client: string;
  id: number;
  nodes?: Record<string, Record<string, number | null>>;
  flows?: Record<string, number>;
}

/** Write the last edits by hand as Python. */
export interface Code {
  op: "code";
  client: string;
  id: number;
}

/** What is selected in a view now. */
export interface Select {
  op: "select";
  client: string;
  nodes: string[];
  flows: string[];
}

/** The state of the history and of saving. */
export interface Status {
  can_undo: boolean;
  can_redo: boolean;
  undo_label: string;
  redo_label: string;
  saved: string;
  problem: string;
}

/** A registered question; `missing` says in a sentence what it still needs, empty when it can be asked. */
export interface Question {
  name: string;
  title: string;
  group: string;
  missing: string;
}

/** A template that an empty map can be filled from. */
export interface TemplateChoice {
  name: string;
  title: string;
}

/** One value of a filter's field; `count` is of how many cases, empty where that is held back. */
export interface FilterChoice {
  value: string;
  title: string;
  count: string;
}

/** An attribute of cases that can be filtered by, and what is chosen of it. */
export interface FilterField {
  name: string;
  title: string;
  choices: FilterChoice[];
  chosen: string[];
}

/** What questions are narrowed to, and what else there is to choose; `sentence` says how many cases that leaves. */
export interface FilterBar {
  fields: FilterField[];
  outcomes: FilterChoice[];
  outcome: string[];
  since: string;
  until: string;
  first_day: string;
  last_day: string;
  sentence: string;
  is_on: boolean;
}

/** An activity of an event log that means no node, and of how many events it is. */
export interface Unmatched {
  activity: string;
  count: string;
}

/** What can be asked and built, of which cases (None without an event log), and who writes comments here. */
export interface About {
  questions: Question[];
  templates: TemplateChoice[];
  author: string;
  filter: FilterBar | null;
  unmatched: Unmatched[];
}

/** The whole map as a view gets it: elements by path, at one sequence number of one kernel's `epoch`. */
export interface Document {
  epoch: string;
  seq: number;
  map: Record<string, unknown>;
  nodes: Record<string, Record<string, unknown>>;
  flows: Record<string, Record<string, unknown>>;
  positions: Record<string, Record<string, Record<string, unknown>>>;
  comments: Record<string, Record<string, unknown>>;
  votes: Record<string, Record<string, Record<string, unknown>>>;
  cards: Record<string, Card>;
  overlays: Record<string, Overlay>;
  status: Status;
  about: About;
}

/** The next numbered step of the document; `ack` names the view's operation that it answers. */
export interface Patch {
  op: "patch";
  seq: number;
  changes: Change[];
  ack?: [string, number] | null;
  ids?: Record<string, string> | null;
}

/** An operation was taken and changed nothing further, or had been taken before; the map is at step `seq`. */
export interface Ack {
  op: "ack";
  client: string;
  id: number;
  seq: number;
  ids?: Record<string, string> | null;
}

/** An operation was refused; the view falls back to the document. */
export interface Refusal {
  op: "refusal";
  client: string;
  id: number;
  reason: string;
}

/** How far a view's operation has come: a fraction from 0 to 1 where it is known, and what is being done. */
export interface Progress {
  op: "progress";
  client: string;
  id: number;
  fraction: number | null;
  text: string;
}

/** The Python of the last `n_edits` edits, for the view that has asked for it. */
export interface CodeText {
  op: "code_text";
  client: string;
  id: number;
  n_edits: number;
  text: string;
}

/** The whole document, for the one view that asked; its operations up to `last_id` are all answered. */
export interface Snapshot {
  op: "snapshot";
  client: string;
  document: Document;
  last_id: number;
}

/** Python selects these in every view. */
export interface Selection {
  op: "selection";
  nodes: string[];
  flows: string[];
}

/** A sentence for whoever looks at the map. */
export interface Notice {
  op: "notice";
  level: "info" | "warn" | "bad";
  text: string;
}

export type FromView = Hello | Resync | Edit | Undo | Redo | Arrange | Build | Ask | Cancel | Hide | Filter | Match | WhatIf | Code | Select;

export type ToView = Patch | Ack | Refusal | Progress | CodeText | Snapshot | Selection | Notice;

export type ValueType = "text" | "paragraph" | "number" | "integer" | "boolean" | "date" | "texts" | "choice";

export type Shape = "card" | "pill" | "diamond" | "frame";

export type Holds = "" | "frame" | "map";

// A title that is not stated is the name with a capital; what else is not stated has its default.

export interface Attribute { type: ValueType; title?: string; choices?: string[]; minimum?: number; maximum?: number; help?: string }

export interface NodeKind { title?: string; shape: Shape; width: number; height: number; attributes: string[]; holds?: Holds }

export interface FlowKind { title?: string; attributes: string[]; dash?: number[]; connects?: string[][][] }

export interface Lens { title?: string; node_kinds: string[]; flow_kind?: string; question: string }

export const ATTRIBUTES: Record<string, Attribute> = {
  label: { type: "text", title: "Name" },
  description: { type: "paragraph" },
  objective: { type: "paragraph" },
  actions: { type: "texts", title: "Activities", help: "what is done here, one per line" },
  owner: { type: "text", help: "who answers for it" },
  team: { type: "text", help: "the lane that it lies in" },
  systems: { type: "texts", help: "where it lives" },
  tags: { type: "texts" },
  known_as: { type: "texts", help: "what event logs call it, one name per line" },
  parent: { type: "text", title: "Belongs to", help: "the id of the node that holds it" },
  collapsed: { type: "boolean", help: "its content is folded away" },
  locked: { type: "boolean", help: "no hand moves or changes it on the canvas; Python may" },
  outcome: { type: "choice", choices: ["won", "lost"], help: "what it means to arrive here" },
  capacity: { type: "number", minimum: 0, help: "cases that can be worked on at once" },
  duration_days: { type: "number", title: "Working time in days", minimum: 0, help: "for one case, once it is begun" },
  delay_days: { type: "number", title: "Delay in days", minimum: 0, help: "for one case, whatever the capacity" },
  inflow: { type: "number", title: "Inflow a month", minimum: 0, help: "new cases that begin here" },
  case_value: { type: "number", title: "Value of a case", help: "what each case brings that arrives here" },
  target_cases: { type: "number", title: "Target: cases a month", minimum: 0 },
  target_conversion_rate: { type: "number", title: "Target: conversion rate", minimum: 0, maximum: 1 },
  target_retention_rate: { type: "number", title: "Target: retention rate", minimum: 0, maximum: 1 },
  target_revenue: { type: "number", title: "Target: revenue a month", minimum: 0 },
  target_satisfaction: { type: "number", title: "Target: satisfaction" },
  channel: { type: "text" },
  department: { type: "text" },
  need: { type: "paragraph" },
  pain_point: { type: "paragraph" },
  emotion: { type: "number", minimum: -2, maximum: 2, help: "−2 upset … +2 delighted" },
  vendor: { type: "text" },
  category: { type: "choice", choices: ["CRM", "ERP", "marketing automation", "support", "social", "web", "data warehouse", "finance", "other"] },
  data_type: { type: "text" },
  is_personal: { type: "boolean", title: "Personal data" },
  is_master: { type: "boolean", title: "Master record", help: "this is where the truth is kept" },
  current: { type: "number", title: "Current level", minimum: 0, maximum: 5 },
  goal_level: { type: "number", title: "Target level", minimum: 0, maximum: 5 },
  importance: { type: "number", minimum: 0, maximum: 5 },
  cost: { type: "number", minimum: 0 },
  responsible: { type: "texts" },
  accountable: { type: "text" },
  consulted: { type: "texts" },
  informed: { type: "texts" },
  policy: { type: "paragraph" },
  standard: { type: "paragraph" },
  goal: { type: "paragraph" },
  monitor: { type: "paragraph" },
  review_date: { type: "date" },
  condition: { type: "text", help: "when this way is taken" },
  volume: { type: "number", minimum: 0, help: "how much goes this way" },
  probability: { type: "number", minimum: 0, maximum: 1, help: "share of cases that go this way" },
  what: { type: "text", title: "What flows" },
  direction: { type: "choice", choices: ["one way", "both ways"] },
  mode: { type: "choice", choices: ["real time", "batch", "manual"] },
  frequency: { type: "text" },
  is_encrypted: { type: "boolean", title: "Encrypted" },
  transform: { type: "paragraph", title: "Transformation" },
  validation: { type: "paragraph" },
  votes_each: { type: "integer", minimum: 1, help: "how many cards each may vote for" },
};

export const COMMON = [
  "label",
  "description",
  "owner",
  "team",
  "tags",
  "known_as",
  "locked"
];

export const GOVERNANCE: readonly string[] = [
  "responsible",
  "accountable",
  "consulted",
  "informed",
  "policy",
  "standard",
  "goal",
  "monitor",
  "review_date"
];

/** The outline of the default kind. */
export const CARD = { shape: "card", width: 200, height: 120 } as const;

export const NODE_KINDS: Record<string, NodeKind> = {
  stage: { ...CARD, attributes: [...COMMON, "objective", "actions", "systems", "capacity", "duration_days", "delay_days", "inflow", "case_value", "target_cases", "target_conversion_rate", "target_retention_rate", "target_revenue", "target_satisfaction", "parent", ...GOVERNANCE], holds: "map" },
  start: { ...CARD, shape: "pill", width: 184, height: 48, attributes: [...COMMON, "inflow", "parent", ...GOVERNANCE] },
  end: { ...CARD, shape: "pill", width: 184, height: 48, attributes: [...COMMON, "outcome", "case_value", "target_cases", "target_conversion_rate", "target_retention_rate", "target_revenue", "target_satisfaction", "parent", ...GOVERNANCE] },
  activity: { ...CARD, attributes: [...COMMON, "objective", "actions", "systems", "capacity", "duration_days", "delay_days", "inflow", "case_value", "target_cases", "target_conversion_rate", "target_retention_rate", "target_revenue", "target_satisfaction", "parent", ...GOVERNANCE], holds: "map" },
  decision: { ...CARD, shape: "diamond", width: 176, height: 112, attributes: [...COMMON, "parent", ...GOVERNANCE] },
  touchpoint: { ...CARD, attributes: [...COMMON, "channel", "department", "need", "pain_point", "emotion", "systems", "capacity", "duration_days", "delay_days", "inflow", "case_value", "target_cases", "target_conversion_rate", "target_retention_rate", "target_revenue", "target_satisfaction", "parent", ...GOVERNANCE], holds: "map" },
  system: { ...CARD, attributes: [...COMMON, "vendor", "category", "cost", "is_personal", "parent", ...GOVERNANCE], holds: "map" },
  dataset: { ...CARD, attributes: [...COMMON, "systems", "is_personal", "is_master", "parent", ...GOVERNANCE] },
  field: { ...CARD, height: 88, attributes: [...COMMON, "parent", "data_type", "is_personal", "is_master", ...GOVERNANCE] },
  capability: { ...CARD, attributes: [...COMMON, "current", "goal_level", "importance", "cost", "systems", "parent", ...GOVERNANCE], holds: "map" },
  group: { ...CARD, shape: "frame", width: 320, height: 200, attributes: [...COMMON, "collapsed", "parent", ...GOVERNANCE], holds: "frame" },
};

export const FLOW_KINDS: Record<string, FlowKind> = {
  flow: { attributes: ["label", "description", "owner", "condition", "volume", "probability"] },
  message: { attributes: ["label", "description", "owner", "what", "frequency"], dash: [2, 5] },
  data: { title: "Data flow", attributes: ["label", "description", "owner", "what", "direction", "mode", "frequency", "is_encrypted", "is_personal", "volume"], dash: [8, 4], connects: [[["system", "dataset", "field"], ["system", "dataset", "field"]]] },
  depends: { title: "Depends on", attributes: ["label", "description", "owner"], dash: [5, 4] },
  supports: { attributes: ["label", "description", "owner"], dash: [1, 4] },
  mapping: { attributes: ["label", "description", "owner", "transform", "validation"], dash: [10, 4], connects: [[["field", "dataset"], ["field", "dataset"]]] },
};

export const LENSES: Record<string, Lens> = {
  lifecycle: { node_kinds: ["stage", "group"], question: "How do customers move from first contact to repeat business, and where do they leave?" },
  process: { node_kinds: ["start", "activity", "decision", "end", "group"], question: "What are the steps, who does them, where do they wait, loop or hand over?" },
  journey: { node_kinds: ["touchpoint", "group"], question: "What does the customer go through, and where does it hurt?" },
  system: { title: "Systems", node_kinds: ["system", "group"], flow_kind: "depends", question: "What is the landscape made of, and what falls if this falls?" },
  integration: { title: "Integrations", node_kinds: ["system", "group"], flow_kind: "data", question: "Which data, process, system and security integrations exist, and which are missing?" },
  data: { node_kinds: ["dataset", "field", "group"], flow_kind: "mapping", question: "Where does each field come from, where does it go, what is lost on the way?" },
  capability: { title: "Capabilities", node_kinds: ["capability", "group"], flow_kind: "supports", question: "Where are we, where do we want to be, what do we do first?" },
  governance: { node_kinds: Object.keys(NODE_KINDS), question: "Who is answerable, what is not governed, what is out of date?" },
};

export enum LIMITS {
  text_characters = 20000,
  label_characters = 500,
  id_characters = 200,
  attributes = 200,
  nested_items = 10000,
  nested_depth = 6,
  nodes = 100000,
  flows = 200000,
  coordinate = 10000000.0,
  message_changes = 20000,
  message_bytes = 4000000,
  file_bytes = 100000000,
}

export const DEFAULT_NODE_KIND: string = "stage";

export const DEFAULT_FLOW_KIND: string = "flow";

export const DEFAULT_LENS: string = "lifecycle";

export type ThemeName = "light" | "dark";

export type Tokens = Record<"background" | "dot" | "panel" | "line" | "line_strong" | "text" | "soft" | "faint" | "card" | "lane" | "lane_other" | "flow" | "accent" | "on_accent" | "accent_soft" | "good" | "warn" | "bad" | "pill" | "ring", string>;

export const THEMES: Record<ThemeName, Tokens> = {
  "light": {
    "background": "#fbfbfa",
    "dot": "#e4e5e3",
    "panel": "#ffffff",
    "line": "#e3e5e8",
    "line_strong": "#c9ced6",
    "text": "#1b2330",
    "soft": "#566070",
    "faint": "#606a7a",
    "card": "#ffffff",
    "lane": "#f2f4f6",
    "lane_other": "#f7f8f9",
    "flow": "#94a2b4",
    "accent": "#2563eb",
    "on_accent": "#ffffff",
    "accent_soft": "#eff4fe",
    "good": "#13734a",
    "warn": "#9a4f06",
    "bad": "#b92c23",
    "pill": "#ffffff",
    "ring": "#2563eb"
  },
  "dark": {
    "background": "#14181f",
    "dot": "#242b36",
    "panel": "#1b212b",
    "line": "#2d3643",
    "line_strong": "#455164",
    "text": "#eaeef4",
    "soft": "#a9b4c3",
    "faint": "#8b97a8",
    "card": "#1e2530",
    "lane": "#181e27",
    "lane_other": "#161b23",
    "flow": "#66758a",
    "accent": "#7aa7ff",
    "on_accent": "#0d1320",
    "accent_soft": "#22304a",
    "good": "#4cc38a",
    "warn": "#f0a04b",
    "bad": "#ff8378",
    "pill": "#1b212b",
    "ring": "#7aa7ff"
  }
};

export const CATEGORIES: Record<ThemeName, string[]> = {
  "light": [
    "#3b6fd4",
    "#0f8b8d",
    "#7a4fc0",
    "#c2620a",
    "#b0397e",
    "#4f7a1c",
    "#8a5a2b",
    "#5c6675"
  ],
  "dark": [
    "#7aa2ff",
    "#4fd1c5",
    "#c4a1ff",
    "#f5a65b",
    "#f08ac0",
    "#a3d160",
    "#d3a676",
    "#a9b4c3"
  ]
};

export const HEAT: Record<ThemeName, string[]> = {
  "light": [
    "#fff7ec",
    "#fdd49e",
    "#fc8d59",
    "#d7301f"
  ],
  "dark": [
    "#3a2a1c",
    "#7a4a1e",
    "#c2632c",
    "#ff7a52"
  ]
};

export interface Shadow { y: number; blur: number; colour: string }

export const SHADOWS: Record<ThemeName, Shadow[]> = {
  "light": [
    {
      "y": 1,
      "blur": 2,
      "colour": "#1b233018"
    },
    {
      "y": 4,
      "blur": 14,
      "colour": "#1b233014"
    }
  ],
  "dark": [
    {
      "y": 1,
      "blur": 2,
      "colour": "#00000066"
    },
    {
      "y": 6,
      "blur": 18,
      "colour": "#00000055"
    }
  ]
};

export enum GEOMETRY {
  grid = 8,
  card_radius = 10,
  rank_gap = 152,
  row_gap = 72,
  lane_padding = 40,
  lane_header = 32,
  frame_padding = 24,
  frame_header = 28,
  arrow_length = 11,
  arrow_width = 10,
  flow_width = 2,
  flow_width_max = 9,
  ghost_dash = 9,
  ghost_gap = 7,
  label_height = 20,
  label_padding = 8,
  label_max_width = 116,
  detail_characters = 22,
  port_radius = 6,
  near_zoom = 0.55,
  far_zoom = 0.22,
  title_size = 13,
  small_size = 11,
  figure_size = 19,
}

/** Marks that the still picture has too: strokes on a field of 20 by 20. */

export const MARKS: Record<string, string> = {
  "comment": "M3 4.5h14v9.5H9L5.2 17v-3H3z",
  "down": "M5.5 8l4.5 4.5L14.5 8",
  "folded": "M8 5.5l4.5 4.5L8 14.5",
  "inside": "M4 4h12v12H4zM7.5 7.5h5v5h-5z",
  "lock": "M5 9h10v7H5zM7 9V6.8a3 3 0 0 1 6 0V9",
  "table": "M3.5 4.5h13v11h-13zM3.5 8.2h13M3.5 11.8h13M8.5 8.2v7.3",
  "warning": "M10 3.6l7 12.4H3zM10 8v3.6M10 13.7v.01"
};
