import { appendFile, mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Moved } from './movement.ts';
import type { Direction, TakeOver } from './take-over.ts';

/** One line of the audit file: what somebody was about to do, or what came of it. */
export interface AuditEntry {
  readonly what: Direction;
  readonly stage: 'begins' | 'ended';
  readonly takeOver: TakeOver;
  /** The value published. */
  readonly value: number;
  /** Given against checks that said no. */
  readonly forced: boolean;
  readonly outcome?: string;
  /** The resolvers that moved first and last, and after how many seconds; those that have not. */
  readonly first?: Moved;
  readonly last?: Moved;
  readonly waitsFor?: readonly string[];
  readonly seconds?: number;
}

/** Appends a line of JSON, with the moment and the user of this machine. The file is its owner's alone. */
export async function audit(file: string, entry: AuditEntry): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const line = { at: new Date().toISOString(), by: userInfo().username, ...entry };
  await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}
