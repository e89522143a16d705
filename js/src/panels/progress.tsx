/** A slim line in the toolbar while the kernel works, with what it does, and after a while the way to stop it. */
import { Component } from "preact";
import { numbersOf } from "../model/numbers";
import { workToTell } from "../model/work";
import { Button } from "./buttons";
import type { PanelContext } from "./context";

export class Progress extends Component<{ context: PanelContext }> {
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  render({ context }: { context: PanelContext }) {
    const { store, settings } = context;
    const now = Date.now();
    const { work, again } = workToTell(store.waiting(), store.underWay(), store.about.questions, now);
    clearTimeout(this.#timer);
    if (again !== null) this.#timer = setTimeout(() => this.forceUpdate(), again - now + 1);
    if (!work) return null;
    const { id, text, fraction, mayCancel, isGivenUp } = work;
    const percent = fraction === null ? null : Math.round(Math.min(Math.max(fraction, 0), 1) * 100);
    return (
      <>
        <span class="work" role="status">
          <span class="work-text" data-cut>
            {text}
            {isGivenUp || percent === null ? "…" : ""}
          </span>
          {!isGivenUp && percent !== null && <b>{numbersOf(settings.locale).write(percent)} %</b>}
          {mayCancel && !isGivenUp && (
            <Button class="link" onClick={() => store.cancel(id)}>
              Cancel
            </Button>
          )}
        </span>
        <span
          class={`work-line${percent === null ? " unknown" : ""}`}
          role="progressbar"
          aria-label={text}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent ?? undefined}
        >
          <span style={{ width: `${percent ?? 30}%` }} />
        </span>
      </>
    );
  }
}
