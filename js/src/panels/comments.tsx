/** What is said on the selected card, or on the whole map where nothing is selected: threads, and a place to write. */
import { Component } from "preact";
import { labelled } from "../gestures/changes";
import { addComment, addReply, changeComment, isOwn, removeComment, setResolved } from "../gestures/comments";
import { type Comment, lastSaid, type Thread, threadsOf } from "../model/threads";
import { ago, exactly } from "../model/times";
import { Button, IconButton } from "./buttons";
import { CommentBox } from "./comment_box";
import type { PanelContext } from "./context";
import { Fold } from "./fold";
import { Initials } from "./initials";

/** “5 min ago” is not true for long. */
const RENEW_MS = 30_000;

interface CommentsProps {
  context: PanelContext;
  onClose: () => void;
}

export class Comments extends Component<CommentsProps> {
  #timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    this.#timer = setInterval(() => this.forceUpdate(), RENEW_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  /** The list of all comments is left as it was opened: by a key. */
  readonly #onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !this.props.context.session.isEmpty) return;
    event.stopPropagation();
    this.props.onClose();
  };

  render({ context }: CommentsProps) {
    const { store, session, isReadOnly } = context;
    const [node] = session.nodes;
    const threads = threadsOf(store.comments).filter(({ first }) => node === undefined || first.on === node);
    const open = threads.filter(({ isResolved }) => !isResolved);
    const resolved = threads.filter(({ isResolved }) => isResolved);
    if (node === undefined) open.sort((a, b) => (lastSaid(a) < lastSaid(b) ? 1 : -1));
    const item = (thread: Thread) => (
      <ThreadItem key={thread.first.id} thread={thread} context={context} hasPlace={node === undefined} />
    );
    return (
      <section class="comments" aria-label="Comments" data-focus="threads" tabIndex={-1} onKeyDown={this.#onKeyDown}>
        {open.length > 0 ? (
          <ul class="threads">{open.map(item)}</ul>
        ) : (
          <p class="hint">
            {node !== undefined
              ? "Nothing is said here yet."
              : isReadOnly
                ? "No thread is open."
                : "No thread is open. Select a card and press M to begin one."}
          </p>
        )}
        {node !== undefined && !isReadOnly && (
          <CommentBox
            context={context}
            of={["comment", node]}
            label="Write a comment"
            send="Comment"
            focusName="compose"
            onSend={(text) => addComment(context, node, text)}
          />
        )}
        {resolved.length > 0 && (
          <Fold title="Resolved" note={resolved.length}>
            <ul class="threads">{resolved.map(item)}</ul>
          </Fold>
        )}
      </section>
    );
  }
}

interface ThreadProps {
  thread: Thread;
  context: PanelContext;
}

function ThreadItem({ thread, context, hasPlace }: ThreadProps & { hasPlace: boolean }) {
  const { session, store, isReadOnly } = context;
  const { conversation } = session;
  const { first, replies, isResolved } = thread;
  const startReply = () => {
    conversation.reply = first.id;
    session.set({ focusNext: "reply" });
  };
  const stopReply = () => {
    conversation.reply = null;
    session.set({ focusNext: `reply to ${first.id}` });
  };
  const go = () => {
    session.select([first.on]);
    context.go([first.on]);
    session.set({ focusNext: "threads" });
  };
  return (
    <li class="thread">
      {hasPlace && (
        <Button class="link place" data-tip="Show this card and what is said there" onClick={go}>
          {labelled(store, first.on)}
        </Button>
      )}
      <Said comment={first} thread={thread} context={context} />
      {replies.map((reply) => (
        <Said key={reply.id} comment={reply} thread={thread} context={context} />
      ))}
      {isReadOnly ? null : conversation.reply === first.id ? (
        <CommentBox
          context={context}
          of={["reply", first.id]}
          label={`Reply to ${first.author || "this comment"}`}
          send="Reply"
          focusName="reply"
          onSend={(text) => {
            addReply(context, thread, text);
            stopReply();
          }}
          onCancel={stopReply}
        />
      ) : (
        <div class="thread-foot">
          {!isResolved && (
            <Button class="link" data-focus={`reply to ${first.id}`} onClick={startReply}>
              Reply
            </Button>
          )}
          <Button class="link quiet" onClick={() => setResolved(context, thread, !isResolved)}>
            {isResolved ? "Reopen" : "Resolve"}
          </Button>
        </div>
      )}
    </li>
  );
}

function Said({ comment, thread, context }: ThreadProps & { comment: Comment }) {
  const { session, settings, isReadOnly } = context;
  const { conversation } = session;
  const { id, author, at, text } = comment;
  const who = author || "Somebody";
  const isEditing = conversation.editing === id && !isReadOnly;
  const startEdit = () => {
    conversation.editing = id;
    conversation.setDraft(["edit", id], text);
    session.set({ focusNext: "edit" });
  };
  const stopEdit = () => {
    conversation.editing = null;
    conversation.setDraft(["edit", id], "");
    session.set({ focusNext: `edit ${id}` });
  };
  return (
    <article class={`said${comment === thread.first ? "" : " reply"}`} aria-label={`${who} says`}>
      <Initials name={who} theme={settings.theme} />
      <div class="said-head">
        <b>{who}</b>
        <time dateTime={at} data-tip={exactly(at, settings.locale)}>
          {ago(at, Date.now(), settings.locale)}
        </time>
        {isOwn(context, comment) && !isReadOnly && !isEditing && (
          <span class="said-tools">
            <IconButton
              icon="rename"
              label="Change this comment"
              class="small"
              focusName={`edit ${id}`}
              onClick={startEdit}
            />
            <IconButton
              icon="bin"
              label={comment === thread.first && thread.replies.length ? "Remove this thread" : "Remove this comment"}
              class="small"
              onClick={() => removeComment(context, thread, comment)}
            />
          </span>
        )}
      </div>
      {isEditing ? (
        <CommentBox
          context={context}
          of={["edit", id]}
          label="The comment"
          send="Save"
          focusName="edit"
          onSend={(next) => {
            changeComment(context, comment, next);
            stopEdit();
          }}
          onCancel={stopEdit}
        />
      ) : (
        <p class="said-text">{text}</p>
      )}
    </article>
  );
}
