/** Keys that may sign requests. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** ARN of the user or of the role's session. */
  readonly arn: string;
  readonly userId: string;
}

/** Sessions that are remembered; the oldest is forgotten for one more. */
const SESSIONS_MAX = 10_000;

/** The keys of an account: its own, and those of sessions that STS has given out. */
export class Credentials {
  private readonly own: ReadonlyMap<string, AccessKey>;
  private readonly sessions = new Map<string, AccessKey>();

  constructor(own: readonly AccessKey[]) {
    this.own = new Map(own.map((key) => [key.accessKeyId, key]));
  }

  /** Remembers keys of a session. */
  give(key: AccessKey): void {
    const [oldest] = this.sessions.keys();
    if (this.sessions.size >= SESSIONS_MAX && oldest !== undefined) this.sessions.delete(oldest);
    this.sessions.set(key.accessKeyId, key);
  }

  /** Whose key it is; undefined: nobody's. */
  find(accessKeyId: string): AccessKey | undefined {
    return this.own.get(accessKeyId) ?? this.sessions.get(accessKeyId);
  }
}
