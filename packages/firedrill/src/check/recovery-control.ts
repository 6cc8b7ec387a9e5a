import { itemsAt, resourcesOf, textAt, textsAt } from './deployed.ts';
import type { Offence, Rule } from './rule.ts';
import { writtenNamed, writtenRecords } from './written-records.ts';

/** A new control is Off as far as we know; with all of them Off or On nothing says which side it is (R53 RC-07, SR-01). */
const NO_SAFETY_RULE: Rule = {
  code: 'check/no-safety-rule',
  weight: 'note',
  facts: ['R53 SR-01', 'R53 RC-07', 'R53 RP-03'],
  costs: 'both sides off by one wrong call: the primary is served, dead or alive',
  find: (architecture) => {
    const rules = resourcesOf(architecture, 'AWS::Route53RecoveryControl::SafetyRule');
    const guarded = new Set(
      rules.flatMap(({ properties }) => [
        ...textsAt(properties, 'AssertionRule.AssertedControls'),
        ...textsAt(properties, 'GatingRule.TargetControls'),
      ]),
    );
    const controls = resourcesOf(architecture, 'AWS::Route53RecoveryControl::RoutingControl');
    if (controls.length < 2) return [];
    return controls
      .filter(
        ({ physicalId, attributes }) => !guarded.has(physicalId) && !guarded.has(attributes['RoutingControlArn'] ?? ''),
      )
      .map(({ logicalId, place }): Offence => ({
        place,
        says: `No safety rule guards the routing control ${logicalId}: one wrong call turns all of them off, and then Route 53 serves what it would serve if all were healthy.`,
        remedy: 'Add an assertion rule over the controls of all Regions: ATLEAST 1.',
      }));
  },
};

/** One switch for both sides moves nothing: both are healthy, or both are not (R53 RC-07, RP-05). */
const ONE_CONTROL_FOR_BOTH: Rule = {
  code: 'check/one-control-for-both',
  weight: 'warning',
  facts: ['R53 HC-35', 'R53 RP-05'],
  costs: 'the failover: it does nothing',
  find: (architecture) => {
    const controlOf = new Map(
      resourcesOf(architecture, 'AWS::Route53::HealthCheck').flatMap(({ physicalId, properties }) => {
        const arn = textAt(properties, 'HealthCheckConfig.RoutingControlArn');
        return arn === undefined ? [] : [[physicalId, arn] as const];
      }),
    );
    if (controlOf.size === 0) return [];
    return writtenRecords(architecture).flatMap((secondary): Offence[] => {
      if (secondary.failover !== 'SECONDARY') return [];
      const primary = writtenNamed(secondary.name, architecture).find(({ failover }) => failover === 'PRIMARY');
      if (primary === undefined || primary.healthCheckId === secondary.healthCheckId) return [];
      const [one, other] = [primary, secondary].map(({ healthCheckId = '' }) => controlOf.get(healthCheckId));
      if (one === undefined || one !== other) return [];
      return [
        {
          place: secondary.properties.at,
          says: `The checks of both failover records of ${secondary.name} follow one routing control: On and Off, both sides are the same, and the primary is served.`,
          remedy: 'Give each side a routing control of its own.',
        },
      ];
    });
  },
};

/** Endpoint lists must not have to be asked for when it counts (R53 RC-02, RC-09): a cluster alone costs, too, and controls nothing. */
const CONTROL_WITHOUT_CHECK: Rule = {
  code: 'check/control-without-check',
  weight: 'warning',
  facts: ['R53 HC-35', 'R53 RC-08'],
  costs: 'the failover: it does nothing, at $2.50 an hour',
  find: (architecture) => {
    const followed = new Set(
      resourcesOf(architecture, 'AWS::Route53::HealthCheck').flatMap(({ properties }) =>
        itemsAt(properties, 'HealthCheckConfig.RoutingControlArn').flatMap((item) =>
          item.kind === 'text' ? [item.text] : [],
        ),
      ),
    );
    return resourcesOf(architecture, 'AWS::Route53RecoveryControl::RoutingControl')
      .filter(
        ({ physicalId, attributes }) =>
          !followed.has(physicalId) && !followed.has(attributes['RoutingControlArn'] ?? ''),
      )
      .map(({ logicalId, place }): Offence => ({
        place,
        says: `No health check of these templates follows the routing control ${logicalId}: turning it moves no traffic.`,
        remedy: 'Make a health check of type RECOVERY_CONTROL for it, and give that to a record.',
      }));
  },
};

/** Traps of Application Recovery Controller. */
export const RECOVERY_CONTROL_RULES: readonly Rule[] = [NO_SAFETY_RULE, ONE_CONTROL_FOR_BOTH, CONTROL_WITHOUT_CHECK];
