/** Whoever can stand in a {@link Crowd}, in one at a time. */
export interface Member {
  /** Where it stands; below 0: in none. Nobody but the crowd changes it. */
  place: number;
}

/**
 * Things that come and go with every request. A Set of the language does as well, but is written anew now and then, and each that was there
 * before leads to the next: once the collector has moved one out of its young generation, all that stood in those that follow outlives its
 * request. A quarter of what requests had made was kept so, until the next full collection.
 */
export class Crowd<Item extends Member> {
  private readonly members: Item[] = [];

  add(item: Item): void {
    if (item.place >= 0) return;
    item.place = this.members.length;
    this.members.push(item);
  }

  delete(item: Item): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.members.pop();
    if (last === undefined || last === item) return;
    this.members[place] = last;
    last.place = place;
  }

  find(isIt: (item: Item) => boolean): Item | undefined {
    return this.members.find(isIt);
  }

  /** Those that are there now, whoever leaves meanwhile. */
  all(): readonly Item[] {
    return [...this.members];
  }

  /** Tells each that it has left; not whoever leaves meanwhile. */
  dismiss(tell: (item: Item) => void): void {
    for (const item of this.all()) {
      if (item.place < 0) continue;
      this.delete(item);
      tell(item);
    }
  }
}
