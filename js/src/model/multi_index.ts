/** Members by group, both strings: which flows touch a node, which comments lie on it. */
const NONE: ReadonlySet<string> = new Set();

export class MultiIndex {
  readonly #groups = new Map<string, Set<string>>();

  add(group: string, member: string): void {
    const members = this.#groups.get(group);
    if (members) members.add(member);
    else this.#groups.set(group, new Set([member]));
  }

  delete(group: string, member: string): void {
    const members = this.#groups.get(group);
    if (members?.delete(member) && members.size === 0) this.#groups.delete(group);
  }

  of(group: string): ReadonlySet<string> {
    return this.#groups.get(group) ?? NONE;
  }

  clear(): void {
    this.#groups.clear();
  }
}
