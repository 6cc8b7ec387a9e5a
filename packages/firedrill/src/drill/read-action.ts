import { type Action, atSeconds, type PlannedAction } from '../model/index.ts';
import type { ActionText } from './drill-schema.ts';
import { complain, type Reading } from './reading.ts';

/** An action of a drill file; undefined when it does not say exactly one thing that is to be done. */
export function readAction(text: ActionText, index: number, reading: Reading): PlannedAction | undefined {
  const deeds = Object.entries(DEEDS).flatMap(([key, read]) => {
    const action = read(text);
    return action === undefined ? [] : [{ key, action }];
  });
  const [deed] = deeds;
  const keys = deeds.map(({ key }) => key);
  if (deed === undefined || deeds.length > 1) {
    complain(reading, ['do', index], {
      says:
        deed === undefined
          ? `Action ${text.name} does nothing.`
          : `Action ${text.name} does ${deeds.length} things: ${keys.join(', ')}.`,
      remedy: `Give exactly one of ${Object.keys(DEEDS).join(', ')}; write two actions for two deeds.`,
    });
    return undefined;
  }
  if (text.until !== undefined && text.every === undefined) {
    complain(reading, ['do', index, 'until'], {
      says: `Action ${text.name} has until, and is done only once.`,
      remedy: 'Add every, as 60s, or remove until.',
    });
  }
  return {
    name: text.name,
    at: atSeconds(text.at / 1000),
    ...(text.every === undefined ? {} : { everyMs: text.every }),
    ...(text.until === undefined ? {} : { until: atSeconds(text.until / 1000) }),
    action: deed.action,
    place: reading.document.placeOf(['do', index]),
  };
}

/** What can be done, by its key in the drill file: named as AWS's operation. */
const DEEDS: Readonly<Record<string, (text: ActionText) => Action | undefined>> = {
  updateHealthCheck: ({ updateHealthCheck: deed }) =>
    deed && {
      kind: 'update-health-check',
      healthCheck: deed.healthCheck,
      ...(deed.disabled === undefined ? {} : { disabled: deed.disabled }),
      ...(deed.inverted === undefined ? {} : { inverted: deed.inverted }),
    },
  setTrafficDial: ({ setTrafficDial: deed }) => deed && { kind: 'set-traffic-dial', ...deed },
  setEndpointWeight: ({ setEndpointWeight: deed }) =>
    deed && { kind: 'set-endpoint-weight', ...deed, endpoint: deed.endpoint ?? '' },
};
