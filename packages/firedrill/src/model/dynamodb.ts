import type { Place } from './finding.ts';

/** A DynamoDB table in one Region; of a global table, one replica. */
export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  readonly keys: TableKeys;
  /** Types of all attributes that are keys of the table or of an index. */
  readonly attributeTypes: Readonly<Record<string, KeyType>>;
  readonly indexes: readonly TableIndex[];
  /** All Regions of the global table, its own too; empty when it is none (RS 7.1). */
  readonly replicaRegions: readonly string[];
  /** How replicas agree (RS 7.6). */
  readonly consistency: 'EVENTUAL' | 'STRONG';
  /** Holds changes and cannot be read or written (RS 7.7). */
  readonly witnessRegion?: string;
  readonly isBilledPerRequest: boolean;
  readonly isDeletionProtected: boolean;
  /** Accepted; no item expires. */
  readonly timeToLiveAttribute?: string;
  /** Of its stream, which nothing reads. */
  readonly streamViewType?: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}

export type KeyType = 'S' | 'N' | 'B';

export interface TableKeys {
  readonly hash: string;
  readonly range?: string;
}

export interface TableIndex {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly keys: TableKeys;
  /** What of an item is copied beside the keys. */
  readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[];
}
