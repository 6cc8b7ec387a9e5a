import type { Finding } from '../model/index.ts';

/** What keeps a local world from coming up, and what the user can do about it. */
export class LiveError extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[], options?: ErrorOptions) {
    super(findings.map(({ says }) => says).join('\n'), options);
    this.name = 'LiveError';
    this.findings = findings;
  }
}

/** Nobody waits for the result any more: the world was closed, or a client left in the middle of its request. No bug. */
export class Abandoned extends Error {
  constructor(why: 'the world has been closed' | 'the client has gone') {
    super(why);
    this.name = 'Abandoned';
  }
}
