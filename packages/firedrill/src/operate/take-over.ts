/** Which way traffic is to go. */
export type Direction = 'failover' | 'failback';

/** Where a DNS answer leads. `unknown`: to neither side, or there is none. */
export type Side = 'primary' | 'standby' | 'unknown';

/**
 * A failover by a metric in the standby Region ("standby takes over primary"), as those who operate it know it. Nothing of it
 * lies in the primary Region, and none of it needs Route 53's control plane (R53 ST-01, ST-04, ST-06).
 */
export interface TakeOver {
  /** The name that users ask for, as `api.example.com`. */
  readonly name: string;
  /** The standby Region, as `us-east-1`. */
  readonly region: string;
  /** Name of the alarm, in the standby Region, whose metric the primary's health check follows. */
  readonly alarm: string;
  /** DNS name or address that the standby's record leads to. */
  readonly standby: string;
  /** The same of the primary's record. Without it an answer that is not the standby's counts as the primary's. */
  readonly primary?: string;
  /** Path that the side which is to serve has to answer with less than 400, asked for under {@link name}. */
  readonly path: string;
}
