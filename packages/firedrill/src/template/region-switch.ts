import { idFrom, LOWER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/** Plans of Region switch: read by name, not run yet. */
export const REGION_SWITCH_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ARCRegionSwitch::Plan', { standing: 'inert', regional: false, read: readPlan }],
]);

function readPlan(input: ResourceInput): Identity {
  const { partition, account, name: stack } = input.context;
  const name = textProperty(input, 'Name') ?? `${stack}-${input.logicalId}`;
  const arn = `arn:${partition}:arc-region-switch::${account}:plan/${name}:${idFrom(input.seed, 6, LOWER_ALPHANUMERIC)}`;
  const says =
    'Firedrill does not run Region switch plans yet; in a drill nothing starts this one, and its health checks do not change.';
  input.tell.warning('template/not-acted-on', input.at, says, {
    remedy: 'Do by hand what its blocks would do: setRoutingControl and the like, under do: in the drill file.',
    facts: ['R53 RS-01'],
  });
  return { ref: arn, attributes: new Map([['Arn', arn]]), open: true };
}
