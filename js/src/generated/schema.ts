// Generated from crmwidget/vocabulary.py, design.py and sync/messages.py. Do not edit: run `make schema`.


export type Path = string[];

export type Attributes = Record<string, unknown>;

/** How a figure moved: its text, and whether that is welcome. */
export interface Trend {
  text: string;
  direction: "up" | "down" | "flat";
  is_good: boolean | null;
}

/** One figure on a card. `text` is the value as shown; `progress` is the share of the target, 0 to 1. */
export interface Figure {
  label: string;
  value: number | null;
  text: string;
  unit: string;
  trend: Trend | null;
  target: number | null;
  progress: number | null;
  status: "good" | "warn" | "bad" | "none";
  spark: number[] | null;
  hint: string;
}

/** What data says about one node: at most three figures, and badges such as the attached tables. */
export interface Card {
  figures: Figure[];
  tables: string[];
}

/** What the colours mean: a title with its unit, and the texts along the scale. */
export interface Legend {
  title: string;
  unit: string;
  ticks: string[];
}

/** What an answer paints on one node or flow: heat 0 to 1 on the legend's scale, a text, its small print. */
export interface Paint {
  heat: number | null;
  text: string;
  detail: string;
  width: number | null;
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

/** An answer painted on the map. */
export interface Overlay {
  title: string;
  subtitle: string;
  legend: Legend | null;
  nodes: Record<string, Paint>;
  flows: Record<string, Paint>;
  findings: Finding[];
  table: OverlayTable | null;
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

/** Lay the map out again; pinned nodes stay unless `unpin`. */
export interface Arrange {
  op: "arrange";
  client: string;
  id: number;
  unpin?: boolean;
}

/** Fill an empty map from a template's name, or from typed text (`a -> b -> c`, or a list). */
export interface Build {
  op: "build";
  client: string;
  id: number;
  template?: string | null;
  text?: string | null;
}

/** Run a registered question on the live map and paint its answer. */
export interface Ask {
  op: "ask";
  client: string;
  id: number;
  question: string;
}

/** Take a painted answer off the map. */
export interface Hide {
  op: "hide";
  client: string;
  id: number;
  overlay: string;
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

/** What can be asked and built. */
export interface About {
  questions: Question[];
  templates: TemplateChoice[];
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

/** An operation was taken and changed nothing further, or had been taken before. */
export interface Ack {
  op: "ack";
  client: string;
  id: number;
  ids?: Record<string, string> | null;
}

/** An operation was refused; the view falls back to the document. */
export interface Refusal {
  op: "refusal";
  client: string;
  id: number;
  reason: string;
}

/** The whole document, for the one view that asked. */
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

export type FromView = Hello | Resync | Edit | Undo | Redo | Arrange | Build | Ask | Hide | Select;

export type ToView = Patch | Ack | Refusal | Snapshot | Selection | Notice;

export type ValueType = "text" | "paragraph" | "number" | "integer" | "boolean" | "date" | "texts" | "choice";

export type Shape = "card" | "pill" | "diamond";

export interface Attribute { name: string; type: ValueType; title: string; choices: string[]; minimum: number | null; maximum: number | null; help: string }

export interface NodeKind { name: string; title: string; shape: Shape; width: number; height: number; attributes: string[] }

export interface FlowKind { name: string; title: string; attributes: string[]; dash: number[]; connects: string[][][] }

export interface Lens { name: string; title: string; node_kinds: string[]; flow_kind: string; question: string }

export const ATTRIBUTES: Record<string, Attribute> = {
  "label": {
    "name": "label",
    "type": "text",
    "title": "Name",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "description": {
    "name": "description",
    "type": "paragraph",
    "title": "Description",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "objective": {
    "name": "objective",
    "type": "paragraph",
    "title": "Objective",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "actions": {
    "name": "actions",
    "type": "texts",
    "title": "Activities",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "what is done here, one per line"
  },
  "owner": {
    "name": "owner",
    "type": "text",
    "title": "Owner",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "who answers for it"
  },
  "team": {
    "name": "team",
    "type": "text",
    "title": "Team",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "the lane that it lies in"
  },
  "systems": {
    "name": "systems",
    "type": "texts",
    "title": "Systems",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "where it lives"
  },
  "tags": {
    "name": "tags",
    "type": "texts",
    "title": "Tags",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "parent": {
    "name": "parent",
    "type": "text",
    "title": "Belongs to",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "the id of the node that holds it"
  },
  "outcome": {
    "name": "outcome",
    "type": "choice",
    "title": "Outcome",
    "choices": [
      "won",
      "lost"
    ],
    "minimum": null,
    "maximum": null,
    "help": "what it means to arrive here"
  },
  "capacity": {
    "name": "capacity",
    "type": "number",
    "title": "Capacity",
    "choices": [],
    "minimum": 0,
    "maximum": null,
    "help": "cases that can be worked on at once"
  },
  "channel": {
    "name": "channel",
    "type": "text",
    "title": "Channel",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "department": {
    "name": "department",
    "type": "text",
    "title": "Department",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "need": {
    "name": "need",
    "type": "paragraph",
    "title": "Need",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "pain_point": {
    "name": "pain_point",
    "type": "paragraph",
    "title": "Pain point",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "emotion": {
    "name": "emotion",
    "type": "number",
    "title": "Emotion",
    "choices": [],
    "minimum": -2,
    "maximum": 2,
    "help": "−2 upset … +2 delighted"
  },
  "vendor": {
    "name": "vendor",
    "type": "text",
    "title": "Vendor",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "category": {
    "name": "category",
    "type": "choice",
    "title": "Category",
    "choices": [
      "CRM",
      "ERP",
      "marketing automation",
      "support",
      "social",
      "web",
      "data warehouse",
      "finance",
      "other"
    ],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "data_type": {
    "name": "data_type",
    "type": "text",
    "title": "Data type",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "is_personal": {
    "name": "is_personal",
    "type": "boolean",
    "title": "Personal data",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "is_master": {
    "name": "is_master",
    "type": "boolean",
    "title": "Master record",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "this is where the truth is kept"
  },
  "current": {
    "name": "current",
    "type": "number",
    "title": "Current level",
    "choices": [],
    "minimum": 0,
    "maximum": 5,
    "help": ""
  },
  "goal_level": {
    "name": "goal_level",
    "type": "number",
    "title": "Target level",
    "choices": [],
    "minimum": 0,
    "maximum": 5,
    "help": ""
  },
  "importance": {
    "name": "importance",
    "type": "number",
    "title": "Importance",
    "choices": [],
    "minimum": 0,
    "maximum": 5,
    "help": ""
  },
  "cost": {
    "name": "cost",
    "type": "number",
    "title": "Cost",
    "choices": [],
    "minimum": 0,
    "maximum": null,
    "help": ""
  },
  "responsible": {
    "name": "responsible",
    "type": "texts",
    "title": "Responsible",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "accountable": {
    "name": "accountable",
    "type": "text",
    "title": "Accountable",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "consulted": {
    "name": "consulted",
    "type": "texts",
    "title": "Consulted",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "informed": {
    "name": "informed",
    "type": "texts",
    "title": "Informed",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "policy": {
    "name": "policy",
    "type": "paragraph",
    "title": "Policy",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "standard": {
    "name": "standard",
    "type": "paragraph",
    "title": "Standard",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "goal": {
    "name": "goal",
    "type": "paragraph",
    "title": "Goal",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "monitor": {
    "name": "monitor",
    "type": "paragraph",
    "title": "Monitor",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "review_date": {
    "name": "review_date",
    "type": "date",
    "title": "Review date",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "condition": {
    "name": "condition",
    "type": "text",
    "title": "Condition",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": "when this way is taken"
  },
  "volume": {
    "name": "volume",
    "type": "number",
    "title": "Volume",
    "choices": [],
    "minimum": 0,
    "maximum": null,
    "help": "how much goes this way"
  },
  "what": {
    "name": "what",
    "type": "text",
    "title": "What flows",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "direction": {
    "name": "direction",
    "type": "choice",
    "title": "Direction",
    "choices": [
      "one way",
      "both ways"
    ],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "mode": {
    "name": "mode",
    "type": "choice",
    "title": "Mode",
    "choices": [
      "real time",
      "batch",
      "manual"
    ],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "frequency": {
    "name": "frequency",
    "type": "text",
    "title": "Frequency",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "is_encrypted": {
    "name": "is_encrypted",
    "type": "boolean",
    "title": "Encrypted",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "transform": {
    "name": "transform",
    "type": "paragraph",
    "title": "Transformation",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  },
  "validation": {
    "name": "validation",
    "type": "paragraph",
    "title": "Validation",
    "choices": [],
    "minimum": null,
    "maximum": null,
    "help": ""
  }
};

export const NODE_KINDS: Record<string, NodeKind> = {
  "stage": {
    "name": "stage",
    "title": "Stage",
    "shape": "card",
    "width": 200,
    "height": 120,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "objective",
      "actions",
      "systems",
      "capacity",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "start": {
    "name": "start",
    "title": "Start",
    "shape": "pill",
    "width": 136,
    "height": 48,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "end": {
    "name": "end",
    "title": "End",
    "shape": "pill",
    "width": 136,
    "height": 48,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "outcome",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "activity": {
    "name": "activity",
    "title": "Activity",
    "shape": "card",
    "width": 200,
    "height": 120,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "objective",
      "actions",
      "systems",
      "capacity",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "decision": {
    "name": "decision",
    "title": "Decision",
    "shape": "diamond",
    "width": 176,
    "height": 112,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "touchpoint": {
    "name": "touchpoint",
    "title": "Touchpoint",
    "shape": "card",
    "width": 200,
    "height": 120,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "channel",
      "department",
      "need",
      "pain_point",
      "emotion",
      "systems",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "system": {
    "name": "system",
    "title": "System",
    "shape": "card",
    "width": 200,
    "height": 120,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "vendor",
      "category",
      "cost",
      "is_personal",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "dataset": {
    "name": "dataset",
    "title": "Dataset",
    "shape": "card",
    "width": 200,
    "height": 120,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "systems",
      "is_personal",
      "is_master",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "field": {
    "name": "field",
    "title": "Field",
    "shape": "card",
    "width": 200,
    "height": 88,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "parent",
      "data_type",
      "is_personal",
      "is_master",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  },
  "capability": {
    "name": "capability",
    "title": "Capability",
    "shape": "card",
    "width": 200,
    "height": 120,
    "attributes": [
      "label",
      "description",
      "owner",
      "team",
      "tags",
      "current",
      "goal_level",
      "importance",
      "cost",
      "systems",
      "parent",
      "responsible",
      "accountable",
      "consulted",
      "informed",
      "policy",
      "standard",
      "goal",
      "monitor",
      "review_date"
    ]
  }
};

export const FLOW_KINDS: Record<string, FlowKind> = {
  "flow": {
    "name": "flow",
    "title": "Flow",
    "attributes": [
      "label",
      "description",
      "owner",
      "condition",
      "volume"
    ],
    "dash": [],
    "connects": []
  },
  "message": {
    "name": "message",
    "title": "Message",
    "attributes": [
      "label",
      "description",
      "owner",
      "what",
      "frequency"
    ],
    "dash": [
      2,
      5
    ],
    "connects": []
  },
  "data": {
    "name": "data",
    "title": "Data flow",
    "attributes": [
      "label",
      "description",
      "owner",
      "what",
      "direction",
      "mode",
      "frequency",
      "is_encrypted",
      "is_personal",
      "volume"
    ],
    "dash": [
      8,
      4
    ],
    "connects": [
      [
        [
          "system",
          "dataset",
          "field"
        ],
        [
          "system",
          "dataset",
          "field"
        ]
      ]
    ]
  },
  "depends": {
    "name": "depends",
    "title": "Depends on",
    "attributes": [
      "label",
      "description",
      "owner"
    ],
    "dash": [
      5,
      4
    ],
    "connects": []
  },
  "supports": {
    "name": "supports",
    "title": "Supports",
    "attributes": [
      "label",
      "description",
      "owner"
    ],
    "dash": [
      1,
      4
    ],
    "connects": []
  },
  "mapping": {
    "name": "mapping",
    "title": "Mapping",
    "attributes": [
      "label",
      "description",
      "owner",
      "transform",
      "validation"
    ],
    "dash": [
      10,
      4
    ],
    "connects": [
      [
        [
          "field",
          "dataset"
        ],
        [
          "field",
          "dataset"
        ]
      ]
    ]
  }
};

export const LENSES: Record<string, Lens> = {
  "lifecycle": {
    "name": "lifecycle",
    "title": "Lifecycle",
    "node_kinds": [
      "stage"
    ],
    "flow_kind": "flow",
    "question": "How do customers move from first contact to repeat business, and where do they leave?"
  },
  "process": {
    "name": "process",
    "title": "Process",
    "node_kinds": [
      "start",
      "activity",
      "decision",
      "end"
    ],
    "flow_kind": "flow",
    "question": "What are the steps, who does them, where do they wait, loop or hand over?"
  },
  "journey": {
    "name": "journey",
    "title": "Journey",
    "node_kinds": [
      "touchpoint"
    ],
    "flow_kind": "flow",
    "question": "What does the customer go through, and where does it hurt?"
  },
  "system": {
    "name": "system",
    "title": "Systems",
    "node_kinds": [
      "system"
    ],
    "flow_kind": "depends",
    "question": "What is the landscape made of, and what falls if this falls?"
  },
  "integration": {
    "name": "integration",
    "title": "Integrations",
    "node_kinds": [
      "system"
    ],
    "flow_kind": "data",
    "question": "Which data, process, system and security integrations exist, and which are missing?"
  },
  "data": {
    "name": "data",
    "title": "Data",
    "node_kinds": [
      "dataset",
      "field"
    ],
    "flow_kind": "mapping",
    "question": "Where does each field come from, where does it go, what is lost on the way?"
  },
  "capability": {
    "name": "capability",
    "title": "Capabilities",
    "node_kinds": [
      "capability"
    ],
    "flow_kind": "supports",
    "question": "Where are we, where do we want to be, what do we do first?"
  },
  "governance": {
    "name": "governance",
    "title": "Governance",
    "node_kinds": [
      "stage",
      "start",
      "end",
      "activity",
      "decision",
      "touchpoint",
      "system",
      "dataset",
      "field",
      "capability"
    ],
    "flow_kind": "flow",
    "question": "Who is answerable, what is not governed, what is out of date?"
  }
};

export const LIMITS = {
  "text_characters": 20000,
  "label_characters": 500,
  "id_characters": 200,
  "attributes": 200,
  "nested_items": 10000,
  "nested_depth": 6,
  "nodes": 100000,
  "flows": 200000,
  "coordinate": 10000000.0,
  "message_changes": 20000,
  "message_bytes": 4000000,
  "file_bytes": 100000000
} as const;

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

export const GEOMETRY = {
  "grid": 8,
  "card_radius": 10,
  "rank_gap": 152,
  "row_gap": 72,
  "lane_padding": 40,
  "lane_header": 32,
  "arrow_length": 11,
  "arrow_width": 10,
  "flow_width": 2,
  "flow_width_max": 9,
  "label_height": 20,
  "label_padding": 8,
  "label_max_width": 116,
  "port_radius": 6,
  "near_zoom": 0.55,
  "far_zoom": 0.22,
  "title_size": 13,
  "small_size": 11,
  "figure_size": 19
} as const;
