import type { ParameterStore } from '../../engine/index.ts';
import type { StoredValues } from '../../template/index.ts';

/**
 * The parameter store as one deployment of a stack finds it. A resource keeps what its dynamic references were when it was last
 * made or changed: that a value has changed since is no change of the resource (RS 8.12a).
 */
export class FoundValues implements StoredValues {
  private readonly store: ParameterStore;
  /** By the resource's logical id and the name. */
  private readonly kept: ReadonlyMap<string, string>;
  private readonly told = new Map<string, string>();

  constructor(store: ParameterStore, kept: ReadonlyMap<string, string> = new Map()) {
    this.store = store;
    this.kept = kept;
  }

  value(name: string, logicalId: string | undefined): string | undefined {
    const key = `${logicalId ?? ''} ${name}`;
    const value = this.told.get(key) ?? this.kept.get(key) ?? this.now(name);
    if (value !== undefined) this.told.set(key, value);
    return value;
  }

  /** What resources were told, of those that remain as they are. */
  keptBy(remains: (logicalId: string) => boolean): ReadonlyMap<string, string> {
    return new Map([...this.told].filter(([key]) => !key.startsWith(' ') && remains(key.slice(0, key.indexOf(' ')))));
  }

  private now(name: string): string | undefined {
    const found = this.store.get(name);
    return 'kind' in found ? undefined : found.value;
  }
}
