import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { distanceKm } from '../model/index.ts';
import type { DnsReply, Question, Vantage, World } from '../engine/index.ts';
import { queryLogLine } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import type { Asking } from './dns-server.ts';

/** What may wait for the disk; lines beyond it are left out, and counted in the last line. */
const WAITING_BYTES_MAX = 16 * 2 ** 20;

export interface QueryLogOptions {
  readonly file: string;
  /** What a wall clock of the world shows at the beginning, in milliseconds since 1970. */
  readonly beganAtEpochMs: number;
}

/** Route 53's query log, as a file: every question that a hosted zone has answered (R53 WS-14). */
export class QueryLog {
  private readonly out: WriteStream;
  private readonly began: number;
  private readonly clock: WorldClock;
  private readonly edges: World['endpoints'];
  private readonly nearest = new Map<Vantage, string>();
  private leftOut = 0;

  /** The directory of the file has to be there. That nothing can be written is told on the timeline, and ends nothing. */
  constructor({ file, beganAtEpochMs }: QueryLogOptions, world: World, clock: WorldClock) {
    this.out = createWriteStream(file);
    this.out.on('error', ({ message }) => world.note(clock.now(), `the query log cannot be written: ${message}`));
    this.began = beganAtEpochMs;
    this.clock = clock;
    this.edges = world.endpoints.filter(({ kind }) => kind === 'edge');
  }

  add(question: Question, { hostedZoneId, rcode }: DnsReply, asker: Vantage, asking: Asking): void {
    if (hostedZoneId === undefined) return;
    if (this.out.writableLength > WAITING_BYTES_MAX) {
      this.leftOut += 1;
      return;
    }
    const line = queryLogLine({
      time: new Date(this.began + this.clock.now() / 1000).toISOString(),
      hostedZoneId,
      question,
      rcode,
      protocol: asking.protocol,
      edgeLocation: this.edgeOf(asker),
      resolverAddress: asking.address,
    });
    this.out.write(`${line}\n`);
  }

  async close(): Promise<void> {
    if (this.leftOut > 0) this.out.write(`# ${this.leftOut} lines were left out: the disk was too slow\n`);
    this.out.end();
    await finished(this.out).catch(() => undefined);
  }

  /** Name servers are anycast: the location nearest to who asks. */
  private edgeOf(asker: Vantage): string {
    const known = this.nearest.get(asker);
    if (known !== undefined) return known;
    const byDistance = this.edges.toSorted(
      (a, b) => distanceKm(asker.spot, a.vantage.spot) - distanceKm(asker.spot, b.vantage.spot),
    );
    const found = byDistance[0]?.label ?? '-';
    this.nearest.set(asker, found);
    return found;
  }
}
