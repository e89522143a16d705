import { describe, expect, it } from "vitest";
import { ago, exactly, timestamp } from "../../src/model/times";

/** A moment of a day in the time zone of this machine, whichever that is. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 5, day, hour, minute);
const now = at(15, 14).getTime();

describe("how long ago", () => {
  it.each([
    [at(15, 14), "just now"],
    [at(15, 14, 1), "just now"], // the writer's clock is ahead
    [at(15, 13, 55), "5 min ago"],
    [at(15, 11), "3 h ago"],
    [at(14, 23), "yesterday"],
    [at(14, 1), "yesterday"],
    [at(12, 20), "3 days ago"],
    [at(1, 9), "1 Jun"],
    [new Date(2024, 0, 31), "31 Jan 2024"],
  ])("%s was %s", (then, wanted) => {
    expect(ago(then.toISOString(), now, "")).toBe(wanted);
  });

  it("is written in the locale where it is a day", () => {
    expect(ago(new Date(2024, 0, 31).toISOString(), now, "de-DE")).toMatch(/^31\. Jan\.? 2024$/);
    expect(ago(at(1, 9).toISOString(), now, "no locale!")).toBe("1 Jun");
  });

  it("says nothing of what is no time", () => {
    expect([ago("", now, ""), exactly("soon", "")]).toEqual(["", ""]);
  });
});

it("exactly is the day and the minute", () => {
  expect(exactly(at(1, 9, 5).toISOString(), "")).toMatch(/^1 June 2026 at 0?9:05$/);
});

it("the map keeps a time to the second, in UTC", () => {
  expect(timestamp(new Date(Date.UTC(2026, 0, 31, 9, 0, 0, 123)))).toBe("2026-01-31T09:00:00Z");
});
