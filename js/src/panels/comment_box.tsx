/** Where a comment is written: its text, and once the name of who writes. */
import { Component } from "preact";
import { LIMITS } from "../generated/schema";
import { authorOf } from "../gestures/comments";
import type { DraftOf } from "../model/conversation";
import { Button, SendButton } from "./buttons";
import type { PanelContext } from "./context";
import { Initials } from "./initials";

interface CommentBoxProps {
  context: PanelContext;
  /** What the draft is for. */
  of: DraftOf;
  label: string;
  /** What the button that sends it says. */
  send: string;
  focusName: string;
  /** Takes the text, which is not empty. */
  onSend: (text: string) => void;
  onCancel?: () => void;
}

export class CommentBox extends Component<CommentBoxProps, { isNameMissing: boolean }> {
  override state = { isNameMissing: false };

  readonly #send = (event?: Event) => {
    event?.preventDefault();
    const { context, of, onSend } = this.props;
    const { conversation } = context.session;
    const text = conversation.draft(of).trim();
    if (!text) return;
    if (!authorOf(context)) {
      this.setState({ isNameMissing: true });
      context.session.set({ focusNext: "author" });
      return;
    }
    this.setState({ isNameMissing: false });
    conversation.asksName = false;
    conversation.setDraft(of, "");
    onSend(text);
    context.session.set({});
  };

  readonly #onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#send(event);
    if (event.key !== "Escape" || !this.props.onCancel) return;
    event.stopPropagation();
    this.props.onCancel();
  };

  #name() {
    const { context } = this.props;
    const { session } = context;
    const { conversation } = session;
    const author = authorOf(context);
    if (author && !conversation.asksName)
      return (
        <span class="as">
          <Initials name={author} theme={context.settings.theme} />
          <span class="as-name">{author}</span>
          <Button
            class="link quiet"
            aria-label="Write under another name"
            onClick={() => {
              conversation.asksName = true;
              session.set({ focusNext: "author" });
            }}
          >
            Change
          </Button>
        </span>
      );
    const keep = (event: Event) => {
      conversation.setAuthor((event.currentTarget as HTMLInputElement).value.replace(/\s+/g, " ").trim());
      conversation.asksName = true; // until it is left: half a name is no name yet
      session.set({});
    };
    const done = () => {
      conversation.asksName = false;
      session.set({});
    };
    return (
      <input
        class="input"
        data-focus="author"
        aria-label="Your name"
        aria-invalid={this.state.isNameMissing && !author}
        placeholder={this.state.isNameMissing ? "Your name, please" : "Your name"}
        autocomplete="name"
        maxLength={80}
        defaultValue={author}
        onInput={keep}
        onBlur={done}
      />
    );
  }

  render({ context, of, label, send, focusName, onCancel }: CommentBoxProps) {
    const { session } = context;
    const draft = session.conversation.draft(of);
    return (
      <form class="comment-box" onSubmit={this.#send} onKeyDown={this.#onKeyDown}>
        <textarea
          class="input"
          data-focus={focusName}
          aria-label={label}
          placeholder={label}
          rows={Math.min(Math.max(draft.split("\n").length, Math.ceil(draft.length / 38), 2), 8)}
          maxLength={LIMITS.text_characters}
          value={draft}
          onInput={(event) => {
            session.conversation.setDraft(of, event.currentTarget.value);
            session.set({});
          }}
        />
        <div class="comment-foot">
          {this.#name()}
          {onCancel && (
            <Button class="button" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <SendButton label={send} disabled={!draft.trim()} />
        </div>
      </form>
    );
  }
}
