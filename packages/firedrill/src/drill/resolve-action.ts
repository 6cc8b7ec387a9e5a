import type {
  Action,
  Architecture,
  ChangeRecordSets,
  EndpointGroup,
  Finding,
  PlannedAction,
  UpdateHealthCheck,
} from '../model/index.ts';
import { never } from '../model/index.ts';
import { fillOutputs } from './fill-outputs.ts';
import { resolveRecoveryAction } from './recovery-actions.ts';
import { remedyFor } from './suggestion.ts';

/**
 * An action with physical ids in the place of the names that people write: logical ids (`Check`, or `Stack.Check`) and outputs
 * (`${Output}`, or `${Stack.Output}`). Its place in the file has done its part and is left out.
 */
export function resolveAction(
  { place, ...planned }: PlannedAction,
  architecture: Architecture,
  findings: Finding[],
): PlannedAction {
  const complain = (says: string, remedy: string): void => {
    const where = place === undefined ? {} : { place };
    findings.push({ code: 'drill/unknown-target', weight: 'error', says, remedy, ...where });
  };
  const names: Names = {
    filled: (text) => fillOutputs(text, { says: `Action ${planned.name}`, place }, { architecture, findings }) ?? text,
    physicalId(written, known, what) {
      const found = physicalIdOf(written, known, architecture);
      if (found !== undefined) return found;
      const proposals = architecture.stacks.flatMap(({ resources }) =>
        resources.filter(({ physicalId }) => known.includes(physicalId)).map(({ logicalId }) => logicalId),
      );
      complain(
        `Action ${planned.name}: the architecture has no ${what} ${written}.`,
        remedyFor(written, [...new Set([...proposals, ...known])], what),
      );
      return written;
    },
  };
  return { ...planned, action: resolved(planned.action, architecture, names) };
}

interface Names {
  /** A text with the outputs that it names; complains when there is none of that name. */
  filled(text: string): string;
  /** The one of the `known` ids that was meant; complains when there is none. */
  physicalId(written: string, known: readonly string[], what: string): string;
}

function resolved(action: Action, architecture: Architecture, names: Names): Action {
  switch (action.kind) {
    case 'update-health-check':
      return healthCheckUpdateResolved(action, architecture, names);
    case 'change-record-sets':
      return changesResolved(action, architecture, names);
    case 'create-invalidation': {
      const known = architecture.distributions.map(({ id }) => id);
      return { ...action, distribution: names.physicalId(action.distribution, known, 'distribution') };
    }
    case 'list-record-sets': {
      const zones = architecture.hostedZones.map(({ id }) => id);
      return { ...action, hostedZoneId: names.physicalId(action.hostedZoneId, zones, 'hosted zone') };
    }
    case 'get-change':
    case 'put-metric-data':
      return action;
    case 'set-alarm-state':
    case 'put-metric-alarm': {
      const alarms = [...architecture.metricAlarms, ...architecture.compositeAlarms];
      const here = alarms.filter(({ region }) => region === action.region);
      return {
        ...action,
        alarm: names.physicalId(
          action.alarm,
          here.map(({ name }) => name),
          'alarm',
        ),
      };
    }
    case 'set-routing-control':
    case 'start-zonal-shift':
    case 'update-zonal-shift':
    case 'cancel-zonal-shift':
    case 'start-practice-run':
      return resolveRecoveryAction(action, architecture, (...asked) => names.physicalId(...asked));
    case 'start-plan-execution':
    case 'approve-plan-step':
    case 'cancel-plan-execution': {
      const plans = architecture.regionSwitchPlans.map(({ arn }) => arn);
      return { ...action, plan: names.physicalId(action.plan, plans, 'Region switch plan') };
    }
    case 'put-object':
    case 'delete-object':
      return { ...action, bucket: bucketOf(action.bucket, architecture, names) };
    case 'update-keys': {
      const stores = architecture.keyValueStores.map(({ arn }) => arn);
      const named = architecture.keyValueStores.find(({ name }) => name === action.store)?.arn;
      return { ...action, store: named ?? names.physicalId(action.store, stores, 'key value store') };
    }
    case 'set-traffic-dial':
      return { ...action, endpointGroup: groupOf(action.endpointGroup, architecture, names) };
    case 'set-endpoint-weight': {
      const endpointGroup = groupOf(action.endpointGroup, architecture, names);
      const own = groupsIn(architecture).find(({ arn }) => arn === endpointGroup)?.endpoints ?? [];
      const known = own.map(({ endpointId }) => endpointId);
      const [only] = known.length === 1 && action.endpoint === '' ? known : [];
      return { ...action, endpointGroup, endpoint: only ?? names.physicalId(action.endpoint, known, 'endpoint') };
    }
    default:
      return never(action);
  }
}

function healthCheckUpdateResolved(action: UpdateHealthCheck, architecture: Architecture, names: Names): Action {
  const known = [...architecture.healthChecks, ...architecture.derivedHealthChecks].map(({ id }) => id);
  const idOf = (written: string): string => names.physicalId(written, known, 'health check');
  const children = action.childHealthChecks?.map(idOf);
  return {
    ...action,
    healthCheck: idOf(action.healthCheck),
    ...(children === undefined ? {} : { childHealthChecks: children }),
  };
}

function bucketOf(written: string, { buckets }: Architecture, names: Names): string {
  return names.physicalId(
    written,
    buckets.map(({ name }) => name),
    'bucket',
  );
}

function changesResolved(action: ChangeRecordSets, architecture: Architecture, names: Names): ChangeRecordSets {
  const zones = architecture.hostedZones.map(({ id }) => id);
  const checks = [...architecture.healthChecks, ...architecture.derivedHealthChecks].map(({ id }) => id);
  const collections = architecture.cidrCollections.map(({ id }) => id);
  const changes = action.changes.map(
    ({ recordSet: { healthCheckId, policy: written, alias: target, ...recordSet }, action: deed }) => {
      const check =
        healthCheckId === undefined ? {} : { healthCheckId: names.physicalId(healthCheckId, checks, 'health check') };
      const policy =
        written.kind === 'ip-based'
          ? { ...written, collectionId: names.physicalId(written.collectionId, collections, 'CIDR collection') }
          : written;
      const alias = target && {
        ...target,
        dnsName: names.filled(target.dnsName),
        hostedZoneId: names.filled(target.hostedZoneId),
      };
      const values = recordSet.values.map((value) => names.filled(value));
      const own = { ...recordSet, name: names.filled(recordSet.name), values, policy, ...check };
      return { action: deed, recordSet: alias === undefined ? own : { ...own, alias } };
    },
  );
  return { ...action, hostedZoneId: names.physicalId(action.hostedZoneId, zones, 'hosted zone'), changes };
}

/** An endpoint group by its names, or by its Region when it is the only one there. */
function groupOf(written: string, architecture: Architecture, names: Names): string {
  const groups = groupsIn(architecture);
  const [inRegion, ...others] = groups.filter(({ region }) => region === written);
  if (inRegion !== undefined && others.length === 0) return inRegion.arn;
  return names.physicalId(
    written,
    groups.map(({ arn }) => arn),
    'endpoint group',
  );
}

function groupsIn({ accelerators }: Architecture): readonly EndpointGroup[] {
  return accelerators.flatMap(({ listeners }) => listeners.flatMap(({ endpointGroups }) => endpointGroups));
}

const OUTPUT = /^\$\{(?:([^}.]+)\.)?([^}.]+)\}$/;

/** The one of the known physical ids that a name stands for: itself, a logical id or an output. */
export function physicalIdOf(written: string, known: readonly string[], { stacks }: Architecture): string | undefined {
  if (known.includes(written)) return written;
  const [, outputStack, output] = OUTPUT.exec(written) ?? [];
  const [logicalId, stackName] = written.split('.').toReversed();
  const candidates = stacks.flatMap((stack) => {
    if (output !== undefined) {
      const value = outputStack === undefined || outputStack === stack.name ? stack.outputs[output] : undefined;
      return value === undefined ? [] : [value];
    }
    if (stackName !== undefined && stackName !== stack.name) return [];
    return stack.resources.filter((one) => one.logicalId === logicalId).map(({ physicalId }) => physicalId);
  });
  const [only, ...others] = new Set(candidates.filter((candidate) => known.includes(candidate)));
  return others.length === 0 ? only : undefined;
}
