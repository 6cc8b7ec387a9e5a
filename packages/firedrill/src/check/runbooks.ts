import type { Architecture, DeployedResource, DeployedValue } from '../model/index.ts';
import { itemsAt, resourcesOf, textAt, textsAt, textsIn, valueAt } from './deployed.ts';
import type { Offence, Rule } from './rule.ts';

/** The call that edits records, as SDKs of various languages, the command line, Step Functions and Systems Manager write it. */
const EDITS_RECORDS = /change_?-?resource_?-?record_?-?sets/i;

const SETS_ALARM = /set_?-?alarm_?-?state/i;

/** Types whose properties hold code or steps, and where. */
const CODE_AT: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::Lambda::Function', ['Code.ZipFile']],
  ['AWS::SSM::Document', ['Content']],
  ['AWS::StepFunctions::StateMachine', ['DefinitionString', 'Definition']],
]);

/** Code whose text stands in the template, of functions, state machines and automation documents, that a pattern is found in. */
function codeWith(
  pattern: RegExp,
  architecture: Architecture,
): readonly { readonly resource: DeployedResource; readonly at: DeployedValue['at'] }[] {
  return architecture.resources.flatMap((resource) => {
    const code = (CODE_AT.get(resource.type) ?? []).map((path) => valueAt(resource.properties, path));
    const found = code.find((value) => value !== undefined && textsIn(value).some((text) => pattern.test(text)));
    return found === undefined ? [] : [{ resource, at: found.at }];
  });
}

/** A failover that edits records needs Route 53's control plane, which is in us-east-1 (R53 ST-01, ST-08, PP-12). */
const RUNBOOK_EDITS_RECORDS: Rule = {
  code: 'check/runbook-edits-records',
  weight: 'warning',
  facts: ['R53 PP-12', 'R53 ST-01', 'R53 ST-02', 'R53 ST-08', 'R53 AR-04'],
  costs: 'the failover itself, when us-east-1 is what failed: 7 h in December 2021',
  find: (architecture) =>
    codeWith(EDITS_RECORDS, architecture).map(({ resource, at }) => ({
      place: at,
      says: `${resource.logicalId} calls ChangeResourceRecordSets. If that is how you fail over, the failover needs Route 53's control plane, which stands in us-east-1 only and was away for 7 hours in December 2021 while DNS itself kept answering.`,
      remedy:
        'Move traffic by health checks: of the endpoint, of an object or a metric in the standby Region, or of a routing control. Ignore this with a reason if the code has nothing to do with failing over.',
    })),
};

/** The same, as far as only a role tells: its code stands elsewhere. */
const ROLE_MAY_EDIT_RECORDS: Rule = {
  code: 'check/role-may-edit-records',
  weight: 'note',
  facts: ['R53 PP-12', 'R53 ST-01', 'R53 ST-08'],
  costs: 'the failover itself, when us-east-1 is what failed',
  find: (architecture) => {
    if (!architecture.recordSets.some(({ policy }) => policy.kind !== 'simple')) return [];
    return rolesThatMay('route53:ChangeResourceRecordSets', architecture).map((resource) => ({
      place: resource.place,
      says: `${resource.logicalId} may call route53:ChangeResourceRecordSets. If what runs with it is how you fail over, the failover needs Route 53's control plane in us-east-1.`,
      remedy:
        'Move traffic by health checks instead. Ignore this with a reason if it serves deployments only, as the validation of certificates.',
    }));
  },
};

/** A health check looks at the metric's data and not at the alarm's state (R53 HC-29). */
const ALARM_STATE_SET: Rule = {
  code: 'check/alarm-state-set',
  weight: 'warning',
  facts: ['R53 PP-06', 'R53 HC-29', 'R53 ST-06'],
  costs: 'the failover: it does nothing',
  find: (architecture) => {
    const follows = resourcesOf(architecture, 'AWS::Route53::HealthCheck').some(
      ({ properties }) => textAt(properties, 'HealthCheckConfig.Type') === 'CLOUDWATCH_METRIC',
    );
    if (!follows) return [];
    const code = codeWith(SETS_ALARM, architecture).map(({ resource, at }) => ({
      resource,
      place: at,
      what: 'calls SetAlarmState',
    }));
    const roles = rolesThatMay('cloudwatch:SetAlarmState', architecture).map((resource) => ({
      resource,
      place: resource.place,
      what: 'may call SetAlarmState',
    }));
    return [...code, ...roles].map(({ resource, place, what }): Offence => ({
      place,
      says: `${resource.logicalId} ${what}, and a health check here follows an alarm: it looks at the data of the metric, not at the alarm's state, so setting the state moves no traffic.`,
      remedy: 'Put values into the metric (PutMetricData).',
    }));
  },
};

/** Roles and policies with a statement that allows the action by name, or by `service:*`; administrators are not meant. */
function rolesThatMay(action: string, architecture: Architecture): readonly DeployedResource[] {
  const [service = ''] = action.split(':');
  const allowed = [action, `${service}:*`].map((each) => each.toLowerCase());
  return resourcesOf(architecture, 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').filter(
    ({ properties }) => {
      const documents = [properties, ...itemsAt(properties, 'Policies')].map((each) => valueAt(each, 'PolicyDocument'));
      return documents
        .flatMap((document) => itemsAt(document, 'Statement'))
        .some(
          (statement) =>
            textAt(statement, 'Effect') === 'Allow' &&
            textsAt(statement, 'Action').some((each) => allowed.includes(each.toLowerCase())),
        );
    },
  );
}

/** Traps of what people run to fail over, as far as templates show it. */
export const RUNBOOK_RULES: readonly Rule[] = [RUNBOOK_EDITS_RECORDS, ROLE_MAY_EDIT_RECORDS, ALARM_STATE_SET];
