export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags of things by their ids, as calls have changed them; templates' own are underneath. */
export class TagBook {
  private readonly changed = new Map<string, ReadonlyMap<string, string>>();

  /** @param own - those of the template. */
  of(id: string, own: readonly Tag[]): readonly Tag[] {
    const tags = this.changed.get(id) ?? new Map(own.map(({ Key, Value }) => [Key, Value]));
    return [...tags].map(([Key, Value]) => ({ Key, Value }));
  }

  change(id: string, own: readonly Tag[], add: readonly Partial<Tag>[], remove: readonly string[]): void {
    const tags = new Map(this.of(id, own).map(({ Key, Value }) => [Key, Value]));
    for (const key of remove) tags.delete(key);
    for (const { Key = '', Value = '' } of add) tags.set(Key, Value);
    this.changed.set(id, tags);
  }
}
