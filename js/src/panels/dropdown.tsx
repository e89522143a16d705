/** A button with a list that opens under it and closes by itself. */
import { Component, type ComponentChildren, createRef } from "preact";
import { listen } from "../drawing/dom";
import { Button, type ButtonProps } from "./buttons";

interface DropdownProps {
  /** What the list is called, and its class. */
  label: string;
  listClass: string;
  button: ButtonProps;
  face: ComponentChildren;
  items: (close: () => void) => ComponentChildren;
}

export class Dropdown extends Component<DropdownProps, { isOpen: boolean }> {
  override state = { isOpen: false };
  /** Around the button and the list: a press outside closes. */
  readonly #around = createRef<HTMLDivElement>();
  #unlisten = () => {};

  readonly #close = () => {
    const around = this.#around.current;
    // The focus must not fall out of the map with the list that vanishes.
    if (around?.querySelector("[role=menu]:focus-within"))
      around.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
    this.setState({ isOpen: false });
  };

  override componentDidUpdate(_: DropdownProps, before: { isOpen: boolean }): void {
    const { isOpen } = this.state;
    const around = this.#around.current;
    if (isOpen === before.isOpen || !around) return;
    this.#unlisten();
    if (!isOpen) return;
    const pointerdown = (event: Event) => {
      if (!event.composedPath().includes(around)) this.setState({ isOpen: false });
    };
    this.#unlisten = listen(around.getRootNode(), { pointerdown }, { capture: true });
    around.querySelector<HTMLElement>("[role=menu] button:not([aria-disabled=true])")?.focus();
  }

  override componentWillUnmount(): void {
    this.#unlisten();
  }

  /** Arrows walk, Escape goes back to the button. */
  readonly #onKeyDown = (event: KeyboardEvent) => {
    const list = event.currentTarget as HTMLElement;
    const items = [...list.querySelectorAll("button")];
    const at = items.indexOf((list.getRootNode() as ShadowRoot).activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) this.#close();
    else items[(to + items.length) % items.length]?.focus();
  };

  render({ label, listClass, button, face, items }: DropdownProps) {
    const { isOpen } = this.state;
    const toggle = () => this.setState({ isOpen: !isOpen });
    return (
      <div class="anchor" ref={this.#around}>
        <Button aria-haspopup="menu" aria-expanded={isOpen} onClick={toggle} {...button}>
          {face}
        </Button>
        {isOpen && (
          <div
            class={`panel menu ${listClass}`}
            role="menu"
            aria-label={label}
            tabIndex={-1}
            onKeyDown={this.#onKeyDown}
          >
            {items(this.#close)}
          </div>
        )}
      </div>
    );
  }
}
