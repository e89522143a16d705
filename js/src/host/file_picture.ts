/** The picture beside a canvas, in the notebook that this page saves. */

const VIEW = "application/vnd.jupyter.widget-view+json";
const HTML = "text/html";

type Data = Record<string, unknown>;

interface Outputs {
  readonly length: number;
  get(index: number): { toJSON(): { data?: Data } };
  set(index: number, output: { data?: Data }): void;
}

interface Notebook {
  readonly cells?: Iterable<{ readonly outputs?: Outputs }>;
}

/**
 * Puts `picture` after each canvas of the model. Jupyter updates outputs only in the page that ran their cell; in one that
 * was loaded since, this does it, where the host gives the notebook away (JupyterLab, Notebook).
 */
export function putPictures(widgetManager: unknown, modelId: string, picture: Data): void {
  const { context } = (widgetManager ?? {}) as { context?: { model?: Notebook } };
  for (const { outputs } of context?.model?.cells ?? []) {
    for (let i = 1; outputs && i < outputs.length; i++) {
      const canvas = outputs.get(i - 1).toJSON().data?.[VIEW] as { model_id?: string } | undefined;
      if (canvas?.model_id !== modelId) continue;
      const beside = outputs.get(i).toJSON();
      const shown = String(beside.data?.[HTML]);
      if (shown.includes("crmwidget-picture") && shown !== picture[HTML]) outputs.set(i, { ...beside, data: picture });
    }
  }
}
