/** The corner with the whole map in it; folded, it is a button. A help for the eye and the pointer alone. */
import { Component, createRef } from "preact";
import { dragOnMinimap } from "../gestures/minimap_drag";
import { IconButton } from "./buttons";
import type { PanelContext } from "./context";

export class MinimapPanel extends Component<{ context: PanelContext }> {
  readonly #around = createRef<HTMLDivElement>();
  #unlisten = () => {};

  /** The drawing is the surface's; the panel only gives it a place. */
  #host(): void {
    const { minimap } = this.props.context.surface;
    const around = this.#around.current;
    if (!around || minimap.element.parentElement === around) return;
    around.append(minimap.element);
    minimap.paint();
  }

  override componentDidMount(): void {
    this.#unlisten = dragOnMinimap(this.props.context.surface);
    this.#host();
  }

  override componentDidUpdate(): void {
    this.#host();
  }

  override componentWillUnmount(): void {
    this.#unlisten();
  }

  render({ context: { session, surface } }: { context: PanelContext }) {
    if (!surface.minimap.isNeeded) return null;
    const isOpen = session.minimapOpen;
    const label = isOpen ? "Fold the overview" : "Overview of the map";
    return (
      <div class={`panel crm-minimap${isOpen ? "" : " folded"}`} aria-hidden="true">
        {isOpen && <div ref={this.#around} />}
        <IconButton
          icon={isOpen ? "down" : "overview"}
          label={label}
          class="small"
          tabIndex={-1}
          onClick={() => session.set({ minimapOpen: !isOpen })}
        />
      </div>
    );
  }
}
