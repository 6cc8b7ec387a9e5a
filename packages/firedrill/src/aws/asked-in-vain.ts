/** An operation that somebody called and that the world does not have. */
export interface AskedInVain {
  /** What AWS calls the service; as the request names it when it is none of ours. */
  readonly service: string;
  /** The operation; undefined when the request does not say. */
  readonly operation: string | undefined;
  readonly region: string;
  readonly count: number;
}

/** Different calls that are told apart; any further ones are counted together. */
const DIFFERENT_MAX = 200;
/** A name longer than any of AWS's is cut: it comes from whoever asked. */
const NAME_MAX = 100;
const OTHERS: AskedInVain = { service: 'others', operation: undefined, region: '', count: 0 };

/** Counts what was asked for in vain. */
export class VainCalls {
  private readonly calls = new Map<string, AskedInVain>();

  /** Counts one call. */
  count(service: string, operation: string | undefined, region: string): void {
    const call = {
      service: cut(service),
      operation: operation === undefined ? undefined : cut(operation),
      region: cut(region),
    };
    const key = JSON.stringify(call);
    const isRoom = this.calls.has(key) || this.calls.size < DIFFERENT_MAX;
    const known = this.calls.get(isRoom ? key : '') ?? { ...(isRoom ? call : OTHERS), count: 0 };
    this.calls.set(isRoom ? key : '', { ...known, count: known.count + 1 });
  }

  /** In the order in which they were first asked for. */
  list(): readonly AskedInVain[] {
    return [...this.calls.values()];
  }
}

function cut(name: string): string {
  return name.slice(0, NAME_MAX);
}
