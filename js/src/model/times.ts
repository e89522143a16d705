/** When something was: how long ago for the eye, exactly for who asks. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** “3 h ago”, “yesterday”, then the day; empty for what is no time. */
export function ago(at: string, now: number, locale: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return "";
  const past = now - then;
  if (past < MINUTE) return "just now"; // also where the two clocks differ a little
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  const days = daysBetween(then, now);
  if (days === 0) return `${Math.floor(past / HOUR)} h ago`;
  if (days === 1) return "yesterday";
  if (days < 7) return `${days} days ago`;
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return written(then, locale, { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
}

/** The day and the minute, in the time zone of who reads. */
export function exactly(at: string, locale: string): string {
  const then = Date.parse(at);
  return Number.isNaN(then) ? "" : written(then, locale, { dateStyle: "long", timeStyle: "short" });
}

/** Now, as the map keeps it: to the second, in UTC. */
export function timestamp(now = new Date()): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** Midnights that lie between two moments. */
function daysBetween(then: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(then)) / DAY);
}

function written(time: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  try {
    return new Intl.DateTimeFormat(locale || "en-GB", options).format(time);
  } catch {
    return new Intl.DateTimeFormat("en-GB", options).format(time); // no locale that anybody knows
  }
}
