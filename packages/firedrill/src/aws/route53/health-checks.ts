import type { HealthCheck as WrittenCheck, HealthCheckConfig } from '@aws-sdk/client-route-53';
import type { DerivedHealthCheck, HealthCheck, UpdateHealthCheck } from '../../model/index.ts';
import type { HealthCheckReading } from '../../engine/index.ts';
import { missingAlarm } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { dateOf, performed } from '../performed.ts';
import { propertiesOf, resourceOf } from '../resources.ts';
import type { Route53Handlers } from './route53-handlers.ts';
import { idOf, pageOf } from './zones.ts';

export const HEALTH_CHECK_TYPE = 'AWS::Route53::HealthCheck';
const HOME_REGION = 'us-east-1';

type Operations =
  | ('CreateHealthCheck' | 'GetHealthCheck' | 'ListHealthChecks' | 'UpdateHealthCheck' | 'DeleteHealthCheck')
  | ('GetHealthCheckStatus' | 'GetHealthCheckLastFailureReason' | 'GetHealthCheckCount');

interface Created {
  readonly id: string;
  readonly config: string;
}

/** Health checks, as they are configured now and as their checkers see them. */
export function healthCheckHandlers(cloud: Cloud): Pick<Route53Handlers, Operations> {
  const byCallerReference = new Map<string, Created>();
  const references = new Map<string, string>();
  const written = (id: string | undefined): WrittenCheck => writeCheck(readingOf(cloud, id), references);
  const location = (id: string): string => `https://route53.amazonaws.com/2013-04-01/healthcheck/${id}`;
  return {
    CreateHealthCheck: async ({ CallerReference = '', HealthCheckConfig }) => {
      const config = JSON.stringify(HealthCheckConfig);
      const before = byCallerReference.get(CallerReference);
      if (before !== undefined && cloud.world().control.healthCheck(before.id) !== undefined) {
        // The same request again is answered with what it made (R53 HC-44).
        if (before.config === config) return { HealthCheck: written(before.id), Location: location(before.id) };
        throw new AwsError(
          'HealthCheckAlreadyExists',
          'A health check with the same caller reference already exists.',
          409,
        );
      }
      checkAlarm(cloud, HealthCheckConfig?.AlarmIdentifier);
      const properties = { HealthCheckConfig };
      const id = await refusedAsInput(
        cloud.estate.putResource({ region: HOME_REGION, type: HEALTH_CHECK_TYPE, properties }),
      );
      byCallerReference.set(CallerReference, { id, config });
      references.set(id, CallerReference);
      return { HealthCheck: written(id), Location: location(id) };
    },
    GetHealthCheck: ({ HealthCheckId }) => ({ HealthCheck: written(HealthCheckId) }),
    ListHealthChecks: ({ Marker, MaxItems }) => {
      const checks = cloud
        .world()
        .control.healthChecks()
        .toSorted((a, b) => (a.check.id < b.check.id ? -1 : 1));
      const { page, next, size } = pageOf(checks, MaxItems, ({ check }) => check.id >= (Marker ?? ''));
      return {
        HealthChecks: page.map((reading) => writeCheck(reading, references)),
        Marker: Marker ?? '',
        IsTruncated: next !== undefined,
        MaxItems: size,
        ...(next === undefined ? {} : { NextMarker: next.check.id }),
      };
    },
    GetHealthCheckCount: () => ({ HealthCheckCount: cloud.world().control.healthChecks().length }),
    UpdateHealthCheck: async ({ HealthCheckId = '', HealthCheckVersion, ResetElements, ...change }) => {
      readingOf(cloud, HealthCheckId);
      checkAlarm(cloud, change.AlarmIdentifier);
      const rest = beyondUpdate(change, ResetElements ?? []);
      const action = updateOf(HealthCheckId, change, HealthCheckVersion);
      performed(cloud, action);
      if (rest) await changeTemplate(cloud, HealthCheckId, change, ResetElements ?? []);
      return { HealthCheck: written(HealthCheckId) };
    },
    DeleteHealthCheck: async ({ HealthCheckId = '' }) => {
      readingOf(cloud, HealthCheckId);
      await cloud.estate.removeResource(HealthCheckId);
      references.delete(HealthCheckId);
      return {};
    },
    GetHealthCheckStatus: ({ HealthCheckId }) => ({
      HealthCheckObservations: observed(cloud, probed(readingOf(cloud, HealthCheckId)).observations),
    }),
    GetHealthCheckLastFailureReason: ({ HealthCheckId }) => ({
      HealthCheckObservations: observed(cloud, probed(readingOf(cloud, HealthCheckId)).lastFailures),
    }),
  };
}

/** Only checks that probe have observations (R53 HC-47). */
function probed(reading: HealthCheckReading): HealthCheckReading {
  if (isProbing(reading.check)) return reading;
  throw new AwsError(
    'InvalidInput',
    `The health check ${reading.check.id} of type ${reading.check.type} has no checkers of its own.`,
  );
}

function observed(cloud: Cloud, observations: HealthCheckReading['observations']) {
  return observations.map(({ region, ipAddress, status, checkedAt }) => ({
    Region: region as 'us-east-1',
    IPAddress: ipAddress,
    StatusReport: { Status: status, CheckedTime: dateOf(cloud, checkedAt) },
  }));
}

/** @throws AwsError NoSuchHealthCheck (R53 CH-07). */
export function readingOf(cloud: Cloud, id: string | undefined): HealthCheckReading {
  const reading = cloud.world().control.healthCheck(idOf(id ?? ''));
  if (reading === undefined)
    throw new AwsError('NoSuchHealthCheck', `No health check exists with the specified ID: ${id ?? ''}.`, 404);
  return reading;
}

/** @param references what callers have named checks that they made, by their ids. */
function writeCheck({ check, version }: HealthCheckReading, references: ReadonlyMap<string, string>): WrittenCheck {
  return {
    Id: check.id,
    CallerReference: references.get(check.id) ?? `${check.stack}-${check.id}`,
    HealthCheckConfig: isProbing(check) ? endpointConfig(check) : derivedConfig(check),
    HealthCheckVersion: version,
  };
}

function isProbing(check: HealthCheck | DerivedHealthCheck): check is HealthCheck {
  return 'requestIntervalSeconds' in check;
}

function endpointConfig(check: HealthCheck): HealthCheckConfig {
  const { type, searchString, regions } = check;
  return {
    Type: searchString === undefined || type === 'TCP' ? type : `${type}_STR_MATCH`,
    ...(check.ipAddress === undefined ? {} : { IPAddress: check.ipAddress }),
    Port: check.port,
    ...(type === 'TCP' ? {} : { ResourcePath: check.resourcePath }),
    ...(check.fullyQualifiedDomainName === undefined
      ? {}
      : { FullyQualifiedDomainName: check.fullyQualifiedDomainName }),
    ...(searchString === undefined ? {} : { SearchString: searchString }),
    RequestInterval: check.requestIntervalSeconds,
    FailureThreshold: check.failureThreshold,
    MeasureLatency: check.measureLatency ?? false,
    Inverted: check.inverted,
    Disabled: check.disabled,
    EnableSNI: check.enableSni,
    ...(regions.length === ALL_CHECKER_REGIONS ? {} : { Regions: regions as HealthCheckConfig['Regions'] }),
  };
}

/** A check that names no Regions has all of them, and AWS does not list them then (R53 HC-20). */
const ALL_CHECKER_REGIONS = 8;

function derivedConfig(check: DerivedHealthCheck): HealthCheckConfig {
  const base = { Type: check.type, Inverted: check.inverted, Disabled: check.disabled };
  switch (check.type) {
    case 'CALCULATED':
      return { ...base, HealthThreshold: check.healthThreshold, ChildHealthChecks: [...check.childHealthChecks] };
    case 'CLOUDWATCH_METRIC':
      return {
        ...base,
        AlarmIdentifier: { Region: check.alarmRegion as 'us-east-1', Name: check.alarmName },
        InsufficientDataHealthStatus: check.insufficientDataHealthStatus,
      };
    case 'RECOVERY_CONTROL':
      return { ...base, RoutingControlArn: check.routingControlArn };
  }
}

type Change = Partial<HealthCheckConfig>;

/** What the world changes while it runs. */
function updateOf(healthCheck: string, change: Change, version: number | undefined): UpdateHealthCheck {
  const { Disabled, Inverted, FailureThreshold, ResourcePath, SearchString, HealthThreshold, ChildHealthChecks } =
    change;
  const { InsufficientDataHealthStatus: insufficient } = change;
  return {
    kind: 'update-health-check',
    healthCheck,
    ...(Disabled === undefined ? {} : { disabled: Disabled }),
    ...(Inverted === undefined ? {} : { inverted: Inverted }),
    ...(FailureThreshold === undefined ? {} : { failureThreshold: FailureThreshold }),
    ...(ResourcePath === undefined ? {} : { resourcePath: ResourcePath }),
    ...(SearchString === undefined ? {} : { searchString: SearchString }),
    ...(HealthThreshold === undefined ? {} : { healthThreshold: HealthThreshold }),
    ...(ChildHealthChecks === undefined ? {} : { childHealthChecks: ChildHealthChecks }),
    ...(insufficient === undefined ? {} : { insufficientDataHealthStatus: insufficient }),
    ...(version === undefined ? {} : { healthCheckVersion: version }),
  };
}

/** Whether an update asks for what only another template can say. */
function beyondUpdate(change: Change, reset: readonly string[]): boolean {
  const { IPAddress, Port, FullyQualifiedDomainName, EnableSNI, Regions, AlarmIdentifier } = change;
  const others = [IPAddress, Port, FullyQualifiedDomainName, EnableSNI, Regions, AlarmIdentifier];
  return reset.length > 0 || others.some((value) => value !== undefined);
}

async function changeTemplate(cloud: Cloud, id: string, change: Change, reset: readonly string[]): Promise<void> {
  const resource = resourceOf(cloud, HEALTH_CHECK_TYPE, id);
  if (resource === undefined)
    throw new AwsError('NoSuchHealthCheck', `No health check exists with the specified ID: ${id}.`, 404);
  const properties = propertiesOf(resource);
  const { HealthCheckConfig: before } = properties;
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const config = { ...(before as Readonly<Record<string, unknown>>), ...given };
  const kept = Object.fromEntries(Object.entries(config).filter(([name]) => !reset.includes(name)));
  await refusedAsInput(cloud.estate.changeResource(id, { ...properties, HealthCheckConfig: kept }));
}

/** @throws AwsError for an alarm that is not there (R53 HC-49). */
function checkAlarm(cloud: Cloud, identifier: HealthCheckConfig['AlarmIdentifier']): void {
  if (identifier === undefined) return;
  const { Name: name = '', Region: region = '' } = identifier;
  const alarms = cloud
    .world()
    .control.alarms()
    .map(({ alarm }) => alarm);
  const refusal = missingAlarm({ name, region }, alarms);
  if (refusal !== undefined) throw new AwsError('InvalidInput', refusal);
}

/** What templates refuse is what Route 53 refuses, in its own words. */
async function refusedAsInput<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof AwsError ? new AwsError('InvalidInput', error.message) : error;
  }
}
