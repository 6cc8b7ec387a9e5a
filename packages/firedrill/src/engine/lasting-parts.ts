import type { Instant } from '../model/index.ts';
import { Actions } from './actions.ts';
import type { Alarms } from './alarms.ts';
import { alarmsOf } from './alarms.ts';
import { planeRefusal } from './control-planes.ts';
import type { Moment } from './conversation.ts';
import type { ReadyFunctions } from './edge-functions.ts';
import { edgeFunctionsOf } from './edge-functions.ts';
import { EdgeLocations } from './edge-locations.ts';
import type { FrontServices } from './front-services.ts';
import { frontServices } from './front-services.ts';
import { HealthChecks } from './health-checks.ts';
import { Invalidations } from './invalidations.ts';
import type { KeyValueStores } from './key-value-stores.ts';
import { keyValueStoresOf } from './key-value-stores.ts';
import type { NameServers } from './name-servers.ts';
import { nameServersOf } from './name-servers.ts';
import type { Parts } from './parts.ts';
import type { LastingTables } from './tables.ts';
import { tablesOf } from './tables.ts';
import type { Readings } from './readings.ts';
import { readingsOf } from './readings.ts';
import { recoveryControlsOf } from './recovery-controls.ts';
import { RegionSwitches } from './region-switches.ts';
import { RoutingControlStates } from './routing-control-states.ts';
import { RequestRate } from './route53/request-rate.ts';
import type { Background } from './world.ts';
import { zonalShiftsOf } from './zonal-shifts.ts';
import { throttled, ZoneRequests } from './zone-requests.ts';
import { ZoneVersions } from './zone-versions.ts';

/** Everything of a world that holds state. When the estate is replaced these stay, each going on with what it knows. */
export interface LastingParts {
  readonly edgeLocations: EdgeLocations;
  readonly fronts: FrontServices;
  readonly tables: LastingTables;
  readonly stores: Pick<KeyValueStores, 'latest'>;
  readonly nameServers: NameServers;
  readonly actions: Actions;
  readonly readings: Readings;
  /** What goes on by itself from the beginning: health checks, alarms, the triggers of Region switch. */
  readonly background: readonly Background[];
  /**
   * Goes on with the estate and the layout that `parts` have by now.
   * @param cause - `seq` of the event that tells of it; 0: nothing has changed.
   * @returns what runs from now on.
   */
  deploy(moment: Moment, cause: number): readonly Background[];
}

/** Brings to life what holds state. */
export function lastingPartsOf(parts: Parts): LastingParts {
  const epochMs = (now: Instant): number => parts.input.beganAtEpochMs + now / 1000;
  const stores = keyValueStoresOf(parts, epochMs);
  const edgeLocations = new EdgeLocations(parts);
  const readyFunctions: ReadyFunctions = new Map();
  const deployEdges = (): void => edgeLocations.deploy(edgeFunctionsOf(parts, stores, epochMs, readyFunctions));
  deployEdges();
  const fronts = frontServices(parts);
  const tables = tablesOf(parts);
  const zones = new ZoneVersions(parts);
  const operations = operationsOf(parts, { fronts, zones, edgeLocations, stores });
  const { health, alarms } = operations;
  const nameServers = nameServersOf(parts, () => health.statuses, fronts.balancers, zones);
  return {
    edgeLocations,
    fronts,
    tables,
    stores,
    nameServers,
    actions: operations.actions,
    readings: operations.readings,
    background: [...operations.background, ...fronts.background, ...tables.background],
    deploy(moment, cause) {
      const { now } = moment;
      stores.deploy(now);
      deployEdges();
      tables.deploy();
      const begunInFront = fronts.deploy(now);
      zones.deploy(parts.input.architecture, cause);
      operations.recoveryControls.deploy();
      operations.zonalShifts.deploy();
      const begun = [
        // Health checks copy alarms, so these are there first.
        ...alarms.deploy(moment),
        ...health.deploy(now, cause),
        ...operations.switches.background(),
        ...begunInFront,
      ];
      nameServers.deploy();
      return begun;
    },
  };
}

/** What operators act on, beside health. */
interface Operated {
  readonly fronts: FrontServices;
  readonly zones: ZoneVersions;
  readonly edgeLocations: EdgeLocations;
  readonly stores: KeyValueStores;
}

interface Operations {
  readonly health: HealthChecks;
  readonly alarms: Alarms;
  readonly recoveryControls: ReturnType<typeof recoveryControlsOf>;
  readonly zonalShifts: ReturnType<typeof zonalShiftsOf>;
  readonly switches: RegionSwitches;
  readonly actions: Actions;
  readonly readings: Readings;
  readonly background: readonly Background[];
}

/** What health goes by, and who performs what operators do. */
function operationsOf(parts: Parts, { fronts, zones, edgeLocations, stores }: Operated): Operations {
  const routingControls = new RoutingControlStates();
  // Health checks begin with the states that controls begin with.
  const recoveryControls = recoveryControlsOf(parts, routingControls);
  const alarms = alarmsOf(parts);
  const isInAlarm = (arn: string): boolean => alarms.isInAlarm(arn);
  const rate = new RequestRate();
  const health = new HealthChecks(parts, alarms, routingControls);
  const zonalShifts = zonalShiftsOf(parts, fronts.balancers, isInAlarm);
  const setControl = recoveryControls.performers['set-routing-control'];
  const switches = new RegionSwitches(parts, routingControls, setControl, isInAlarm);
  const zoneRequests = new ZoneRequests(parts, zones, rate);
  const performers = {
    ...switches.performers,
    ...health.performers,
    'update-health-check': (action, moment) => throttled(rate, moment) ?? health.update(action, moment.now),
    ...zoneRequests.performers,
    ...fronts.performers,
    ...new Invalidations(parts, () => edgeLocations.all).performers,
    ...stores.performers,
    ...recoveryControls.performers,
    ...zonalShifts.performers,
  } satisfies ConstructorParameters<typeof Actions>[0];
  const isAccelerated = (zoneId: string): boolean =>
    parts.input.architecture.hostedZones.some(
      ({ id, acceleratedRecovery }) => id === zoneId && acceleratedRecovery === true,
    );
  return {
    health,
    alarms,
    recoveryControls,
    zonalShifts,
    switches,
    actions: new Actions(performers, parts.timeline, (action, { now }) =>
      planeRefusal(parts.faults, action, now, isAccelerated),
    ),
    readings: readingsOf(parts, { health, alarms, zones, zoneRequests, recoveryControls }),
    background: [...health.background(), ...switches.background()],
  };
}
