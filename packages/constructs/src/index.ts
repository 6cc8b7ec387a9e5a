export { CLAIMED_SECONDS } from './claims.ts';
export { FailoverApi, type FailoverApiProps } from './failover-api.ts';
export { HybridFailover, type HybridFailoverProps } from './hybrid-failover.ts';
export { OriginTimeouts, type OriginTimeoutsProps } from './origin-timeouts.ts';
