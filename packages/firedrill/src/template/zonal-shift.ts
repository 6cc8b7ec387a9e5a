import type { Draft } from './draft.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { anything, inertFields, listOf, oneOf, optional, required, shape, text } from './shape.ts';

const ALARMS = listOf(
  shape('ControlCondition', { AlarmIdentifier: required(text()), Type: required(oneOf(['CLOUDWATCH'])) }),
);

const AUTOSHIFT = shape('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
  ResourceIdentifier: required(text()),
  ZonalAutoshiftStatus: optional(oneOf(['ENABLED', 'DISABLED'], ['R53 ZS-03'])),
  PracticeRunConfiguration: optional(
    shape('PracticeRunConfiguration', {
      OutcomeAlarms: required(ALARMS),
      BlockingAlarms: optional(ALARMS),
      // Windows of days and hours of the week: a drill has no calendar.
      ...inertFields('BlockedDates', 'BlockedWindows'),
    }),
  ),
});

const OBSERVER = shape('AWS::ARCZonalShift::AutoshiftObserverNotificationStatus', { Status: optional(anything) });

/** Zonal autoshift: what practice runs go by. When AWS itself shifts is AWS's own affair. */
export const ZONAL_SHIFT_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ARCZonalShift::ZonalAutoshiftConfiguration', { standing: 'acted-on', regional: true, read: readAutoshift }],
  [
    'AWS::ARCZonalShift::AutoshiftObserverNotificationStatus',
    { standing: 'inert', regional: true, read: readObserver },
  ],
]);

function readAutoshift(input: ResourceInput, draft: Draft): Identity {
  const resource = textProperty(input, 'ResourceIdentifier') ?? 'unknown';
  const own = identity(resource);
  const properties = AUTOSHIFT(input.properties, input.tell);
  if (properties === undefined) return own;
  const { PracticeRunConfiguration: practice, ZonalAutoshiftStatus: status } = properties;
  if (status === 'ENABLED' && practice === undefined) {
    const says = 'Zonal autoshift needs a PracticeRunConfiguration with an outcome alarm.';
    input.tell.error('template/property', input.at, says, { facts: ['R53 ZS-03'] });
    return own;
  }
  const arnsOf = (alarms: readonly { readonly AlarmIdentifier: string }[]): readonly string[] =>
    alarms.map(({ AlarmIdentifier }) => AlarmIdentifier);
  draft.recovery.autoshifts.push({
    resource,
    enabled: status === 'ENABLED',
    ...(practice === undefined
      ? {}
      : {
          practiceRun: {
            outcomeAlarms: arnsOf(practice.OutcomeAlarms),
            blockingAlarms: arnsOf(practice.BlockingAlarms ?? []),
          },
        }),
    stack: input.context.name,
    place: input.at,
  });
  return own;
}

function readObserver(input: ResourceInput): Identity {
  OBSERVER(input.properties, input.tell);
  const { account, region } = input.context;
  return identity(account, { AccountId: account, Region: region });
}
