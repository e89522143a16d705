import { describe, expect, it } from "vitest";
import { Conversation } from "../../src/model/conversation";

function storage(kept = new Map<string, string>()) {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

describe("who writes", () => {
  it("is who the kernel says, until another name is typed once", () => {
    const kept = storage();
    const conversation = new Conversation(kept);
    expect(conversation.author("jo")).toBe("jo");
    conversation.setAuthor("Jo Smith");
    expect(conversation.author("jo")).toBe("Jo Smith");
    expect(new Conversation(kept).author("")).toBe("Jo Smith");
  });

  it("is only not remembered where nothing may be stored", () => {
    const forbidden = () => {
      throw new Error("forbidden");
    };
    const conversation = new Conversation({ getItem: forbidden, setItem: forbidden });
    conversation.setAuthor("Jo");
    expect(conversation.author("")).toBe("Jo");
  });
});

describe("a draft", () => {
  it("is kept for each card and each comment by itself", () => {
    const conversation = new Conversation(storage());
    conversation.setDraft(["comment", "lead"], "one");
    conversation.setDraft(["reply", "c1"], "two");
    conversation.setDraft(["edit", "c1"], "three");
    expect(conversation.draft(["comment", "lead"])).toBe("one");
    expect(conversation.draft(["reply", "c1"])).toBe("two");
    conversation.setDraft(["edit", "c1"], "");
    expect(conversation.draft(["edit", "c1"])).toBe("");
  });

  it("follows what it is for when the kernel names that", () => {
    const conversation = new Conversation(storage());
    conversation.setDraft(["reply", "~1"], "half a sen");
    conversation.reply = "~1";
    conversation.rename({ "~1": "c7" });
    expect([conversation.reply, conversation.draft(["reply", "c7"])]).toEqual(["c7", "half a sen"]);
  });
});
