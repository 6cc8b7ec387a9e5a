export * from './conversation.ts';
export * from './tunnel.ts';
export * from './world.ts';
export { copyOf } from './edge-functions.ts';
export { PureHandlers } from './pure-handlers.ts';
export { HOP_BY_HOP } from './headers.ts';
export { headLimitOf } from './request-head.ts';
export type { HeadLimit } from './request-head.ts';
export { covers } from './certificates.ts';
export { createWorld } from './create-world.ts';
export type { ActionResult } from './actions.ts';
export { faultOfSwitch, settingsOf, SWITCHES } from './switches.ts';
export type { Settings, SwitchName } from './switches.ts';
export { createRandom } from './random.ts';
export type { RandomStream, RandomStreams } from './random.ts';
export { RESOLVER_MIXES, RESOLVER_PRESETS } from './client/resolver-presets.ts';
export { CLIENT_FACTS } from './client/facts.ts';
export { LAMBDA_FACTS } from './lambda/facts.ts';
export { CLOUDFRONT_FACTS } from './cloudfront/facts.ts';
export { nestsDeeper, PAYLOAD_LEVELS_MAX, readPayload } from './lambda/payload.ts';
export { differsFrom } from './lambda/versions.ts';
export { CLOUDFORMATION_FACTS } from './cloudformation/facts.ts';
export { capabilityRefusal, neededCapability } from './cloudformation/capabilities.ts';
export { compareResources } from './cloudformation/changes.ts';
export type { PropertyChange, ResourceChange } from './cloudformation/changes.ts';
export { exportInUse } from './cloudformation/exports.ts';
export { givenParameters, notInStore, shownValue, storedType } from './cloudformation/given-parameters.ts';
export type { GivenParameter } from './cloudformation/given-parameters.ts';
export {
  beginning,
  courseOf,
  creationSteps,
  deletionSteps,
  isRetained,
  keptByRollback,
  rollbackSteps,
  updateRollbackSteps,
  updateSteps,
} from './cloudformation/operations.ts';
export type { Failure, OnFailure } from './cloudformation/operations.ts';
export * from './cloudformation/refusal.ts';
export {
  BUCKET_NOT_EMPTY,
  cannotRename,
  embeddedFailure,
  embeddedStays,
  handlerMessage,
  takenAlias,
  takenName,
} from './cloudformation/shared-names.ts';
export type { Conflict } from './cloudformation/shared-names.ts';
export { deniedByPolicy, readStackPolicy } from './cloudformation/stack-policy.ts';
export { STACK_TYPE, tellSteps } from './cloudformation/stack-record.ts';
export type {
  DesiredResource,
  PlainValue,
  ResourceStatus,
  StackEvent,
  StackRecord,
  StackResourceRecord,
  Step,
} from './cloudformation/stack-record.ts';
export { isBusy, isUpdatable, mayFollow, showsOutputs } from './cloudformation/stack-status.ts';
export type { StackStatus } from './cloudformation/stack-status.ts';
export { PLAIN_RESOLVER, Resolver } from './resolver.ts';
export type { ResolvedName } from './resolver.ts';
export type { Branch, BranchHealth, Walk, WalkedGroup } from './route53/walk.ts';
export { followName } from './follow.ts';
export type { Hop } from './follow.ts';
export { isBreaching, judgeDatapoints } from './cloudwatch/judge-datapoints.ts';
export { missingAlarm } from './route53/missing-alarm.ts';
export { listRecordSets } from './route53/record-list.ts';
export { ParameterStore } from './ssm/parameters.ts';
export type { Parameter, ParameterRefusal, ParameterVersion, WrittenParameter } from './ssm/parameters.ts';
export { queryLogLine } from './route53/query-log.ts';
export { CHECKER_REGIONS } from './route53/facts.ts';
export type * from './edge-code.ts';
export type { BucketContents, ObjectVersion } from './s3/buckets.ts';
export { isAllowed as isAllowedByPolicy } from './s3/access.ts';
export type { Caller as S3Caller } from './s3/access.ts';
export { conditionOf, rangeOf } from './s3/conditions.ts';
export type { WrongRegion } from './s3/regions.ts';
export { signedElsewhere, wrongEndpoint } from './s3/regions.ts';
export { S3_ERRORS } from './s3/errors.ts';
export type { S3ErrorCode } from './s3/errors.ts';
export { addressedBy, s3HostOf } from './s3/hosts.ts';
export { LIST_KEYS_MAX, listObjects, listVersions } from './s3/listing.ts';
export { bodyOf as objectBody } from './s3/object-body.ts';
export { lookUp } from './s3/lookup.ts';
export type { Control, FaultNow, Performed } from './control.ts';
export type { AlarmReading, HealthCheckReading, Readings } from './readings.ts';
export type { Tables } from './tables.ts';
export type { AttributeValue, Item } from './dynamodb/attribute-value.ts';
export { getItem, query, scan } from './dynamodb/reads.ts';
export type { Attempt } from './dynamodb/refusal.ts';
export type * from './dynamodb/requests.ts';
export { batchGet, prepareBatch, prepareTransaction, transactGet } from './dynamodb/several.ts';
export type { BatchWrite, FindTable, TransactionAction } from './dynamodb/several.ts';
export type { TableContents } from './dynamodb/table-contents.ts';
export { prepareDelete, preparePut, prepareUpdate } from './dynamodb/writes.ts';
export type { Write } from './dynamodb/writes.ts';
export { itemBytes } from './dynamodb/values.ts';
export type { MetricAnswer, MetricDatapoint, MetricFilter, MetricQuery } from './metric-readings.ts';
export type { AlarmChange } from './cloudwatch/alarm-status.ts';
export type { HealthCheckObservation } from './route53/observation.ts';
export { completedParts, PART_NUMBER_MAX } from './s3/multipart.ts';
export type { UploadedPart } from './s3/multipart.ts';
