/** The host that anywidget is: one store for the model, one view for each place where it shows. */
import { listen } from "../drawing/dom";
import type { Document, FromView, ToView } from "../generated/schema";
import type { Transport } from "../model/operations";
import type { Settings, ThemeWish, Wishes } from "../model/settings";
import { Store } from "../model/store";
import { isBusy, onReconnected } from "./connection";
import { putPictures } from "./file_picture";
import { DEFAULT_HEIGHT, openFrame } from "./frame";

/** What this host uses of anywidget's model. */
export interface WidgetModel {
  get(name: string): unknown;
  set(name: string | Record<string, unknown>, value?: unknown): unknown;
  save_changes(): void;
  send(content: unknown): void;
  on(name: string, callback: (...args: never[]) => void): void;
  off(name: string, callback?: (...args: never[]) => void): void;
  widget_manager?: unknown;
}

interface Context {
  model: WidgetModel;
}

interface RenderContext extends Context {
  el: HTMLElement;
}

type Cleanup = () => void;

const OPERATIONS: ReadonlySet<string> = new Set<ToView["op"]>([
  "patch",
  "ack",
  "refusal",
  "progress",
  "code_text",
  "snapshot",
  "selection",
  "notice",
]);

function transportOf(model: WidgetModel): Transport {
  return {
    send: (message: FromView) => model.send(message),
    isBusy: () => isBusy(model.widget_manager),
    onMessage(listener) {
      const onCustom = (content: ToView) => {
        if (OPERATIONS.has(content?.op)) listener(content);
      };
      model.on("msg:custom", onCustom);
      return () => model.off("msg:custom", onCustom);
    },
  };
}

/**
 * Puts the live document where the widget manager finds it when it saves. Setting the trait the usual way would compare
 * whole documents and queue a message; Jupyter's `set` returns the Backbone model itself, whose attributes can be filled.
 */
function keepLive(model: WidgetModel, store: Store): void {
  if (!model.widget_manager) return;
  const backbone = model.set({}) as { attributes?: Record<string, unknown> } | undefined;
  if (backbone?.attributes && "document" in backbone.attributes) backbone.attributes.document = store.document();
}

function modelId(model: WidgetModel): string {
  return String((model.set({}) as { model_id?: string } | undefined)?.model_id);
}

const TRAITS = ["theme", "height", "read_only", "snap", "density", "locale"] as const;

/** A notebook that an older crmwidget saved has fewer traits. */
function settingsOf(model: WidgetModel): Omit<Settings, "theme" | "themeWish"> {
  return {
    isReadOnly: model.get("read_only") === true,
    snap: model.get("snap") !== false,
    density: model.get("density") === "compact" ? "compact" : "comfortable",
    locale: String(model.get("locale") ?? ""),
  };
}

function sessionStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Called by anywidget once for each model, so that what is shared by the model's views lives in this closure. */
export function anywidgetHost() {
  let store: Store | undefined;
  let hasSaidHello = false;

  return {
    initialize({ model }: Context): Cleanup {
      // From the kernel it is JSON, which is quick to send; in a saved notebook it is what keepLive has left.
      const given = model.get("document");
      const document = (typeof given === "string" ? JSON.parse(given) : given) as Document;
      const made = new Store(document, transportOf(model), {
        storage: sessionStorageIfAllowed(),
      });
      store = made;
      keepLive(model, made);
      const onDocument = () => keepLive(model, made); // the kernel tells it anew to whoever stores it without a page
      model.on("change:document", onDocument);
      const onPicture = ({ op, data }: { op: string; data: Record<string, unknown> }) => {
        if (op === "picture") putPictures(model.widget_manager, modelId(model), data);
      };
      model.on("msg:custom", onPicture);
      const unlisten = listen(window, { online: () => made.catchUp(), pagehide: () => made.keep() });
      const unwatch = onReconnected(model.widget_manager, () => made.catchUp());
      return () => {
        unlisten();
        unwatch();
        model.off("change:document", onDocument);
        model.off("msg:custom", onPicture);
        made.destroy();
      };
    },

    render({ model, el }: RenderContext): Cleanup {
      if (!store) throw new Error("crmwidget: the view was rendered before its model was initialized");
      const shown = store;
      if (!hasSaidHello) shown.hello();
      hasSaidHello = true;
      const frame = openFrame(el, shown, {
        theme: () => (model.get("theme") as ThemeWish | undefined) ?? "auto",
        height: () => Number.parseFloat(String(model.get("height"))) || DEFAULT_HEIGHT,
        settings: () => settingsOf(model),
        // Traits bear the names that wishes do.
        wish(wishes: Partial<Wishes>) {
          for (const [name, value] of Object.entries(wishes)) model.set(name, value);
          model.save_changes();
        },
      });
      for (const name of TRAITS) model.on(`change:${name}`, frame.update);
      const { view } = frame;
      Object.assign(el, { __crmwidget: { store: shown, surface: view.surface, view } }); // for tests
      return () => {
        for (const name of TRAITS) model.off(`change:${name}`, frame.update);
        frame.destroy();
        Reflect.deleteProperty(el, "__crmwidget"); // the host keeps the element for as long as the model lives
      };
    },
  };
}
