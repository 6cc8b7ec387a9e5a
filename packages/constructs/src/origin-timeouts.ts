import { Duration } from 'aws-cdk-lib';

/** Properties of {@link OriginTimeouts}. */
export interface OriginTimeoutsProps {
  /**
   * How long CloudFront waits for one connection to open. 1 to 10 whole seconds.
   *
   * A black-holed origin costs every request `connectionAttempts` × `connectionTimeout`: 2 s with
   * `FIRST_OF_TWO`, 30 s with CloudFront's own 3 × 10 s (CF 1.11).
   *
   * @default Duration.seconds(2)
   */
  readonly connectionTimeout?: Duration;

  /**
   * How often CloudFront tries to connect, and how often it sends a GET or HEAD that timed out. 1 to 3.
   *
   * It multiplies both timeouts: with 3 attempts instead of 1 a black-holed origin costs three times as long, and a
   * hung one too, for GET and HEAD; other methods are never sent twice (CF 1.11, 1.15).
   *
   * @default 1
   */
  readonly connectionAttempts?: number;

  /**
   * How long CloudFront waits for the first packet of an answer, and between packets. 1 to 120 whole seconds.
   *
   * A hung origin costs a GET or HEAD `connectionAttempts` × `readTimeout`: 10 s with `FIRST_OF_TWO`, 90 s
   * with CloudFront's own 3 × 30 s (CF 1.13, 1.16). It must be longer than your slowest good answer: whatever takes
   * longer is an error here, or is done a second time in the backup Region.
   *
   * @default Duration.seconds(10)
   */
  readonly readTimeout?: Duration;
}

/**
 * How long an edge keeps trying one origin before it gives up. CloudFront remembers nothing from one request to the
 * next (CF 1.10), so during an outage every request pays these seconds anew.
 */
export class OriginTimeouts {
  /**
   * For the first of two origins in a group: the second one is the retry, so the first is tried once and briefly. In
   * front of a black-holed primary a GET waits 2 s (CloudFront's defaults: 30 s), in front of a hung one
   * 10 s (CloudFront's defaults: 90 s), and is then answered by the backup Region.
   */
  static readonly FIRST_OF_TWO: OriginTimeouts = new OriginTimeouts({});

  /**
   * For an origin that nothing stands behind: tried twice, since one lost packet would otherwise be the
   * viewer's error. A black-holed origin costs 4 s, a hung one 20 s for GET and HEAD, and ends in an error.
   */
  static readonly LAST_RESORT: OriginTimeouts = new OriginTimeouts({ connectionAttempts: 2 });

  /**
   * What CloudFront does when nothing is said: 3 attempts of 10 s, 30 s for an answer. In front of a black-holed
   * primary every request waits 30 s, in front of a hung one every GET waits 90 s. For comparison.
   */
  static readonly CLOUDFRONT_DEFAULTS: OriginTimeouts = new OriginTimeouts({
    connectionTimeout: Duration.seconds(10),
    connectionAttempts: 3,
    readTimeout: Duration.seconds(30),
  });

  readonly connectionTimeout: Duration;
  readonly connectionAttempts: number;
  readonly readTimeout: Duration;

  /** @throws Error when a value lies outside what CloudFront accepts (CF 1.11, 1.13). */
  constructor(props: OriginTimeoutsProps) {
    this.connectionTimeout = props.connectionTimeout ?? Duration.seconds(2);
    this.connectionAttempts = props.connectionAttempts ?? 1;
    this.readTimeout = props.readTimeout ?? Duration.seconds(10);
    refuseOutside({ name: 'connectionTimeout', value: secondsOf(this.connectionTimeout), from: 1, to: 10 });
    refuseOutside({ name: 'connectionAttempts', value: this.connectionAttempts, from: 1, to: 3 });
    refuseOutside({ name: 'readTimeout', value: secondsOf(this.readTimeout), from: 1, to: 120 });
  }

  /** What a request waits for a connection that never opens, in seconds. */
  get blackHoledSeconds(): number {
    return this.connectionAttempts * this.connectionTimeout.toSeconds();
  }

  /** What a GET or HEAD waits for an answer that never comes, in seconds. */
  get hungSeconds(): number {
    return this.connectionAttempts * this.readTimeout.toSeconds();
  }
}

function secondsOf(duration: Duration): number {
  return duration.toSeconds({ integral: false });
}

interface Allowed {
  readonly name: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

function refuseOutside({ name, value, from, to }: Allowed): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw new Error(`OriginTimeouts: ${name} is ${value}; CloudFront accepts whole numbers from ${from} to ${to}.`);
}
