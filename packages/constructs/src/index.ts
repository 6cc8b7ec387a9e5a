export { CLAIMED_SECONDS } from './claims.ts';
export { FailoverApi, type FailoverApiProps } from './failover-api.ts';
export { HybridFailover, type HybridFailoverProps } from './hybrid-failover.ts';
export { type RegionalApiProps } from './regional-api.ts';
export { StandbyTakesOver, type StandbyTakesOverProps } from './standby-takes-over.ts';
export { S3WebsiteFailover, type S3WebsiteFailoverProps } from './s3-website-failover.ts';
export { OriginTimeouts, type OriginTimeoutsProps } from './origin-timeouts.ts';
