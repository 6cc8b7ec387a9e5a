import { CITIES, type Fault, NEVER, type PlannedAction } from '../model/index.ts';
import { faultOfSwitch, SWITCHES } from '../engine/index.ts';
import type { Drill, Expectation } from './drill.ts';
import { complain, type Reading } from './reading.ts';
import { remedyFor } from './suggestion.ts';

/** Names that must be known and different: probes, places, what expectations are about. */
export function checkNames(drill: Drill, probesWritten: readonly string[], reading: Reading): void {
  checkUnique(drill.probes, 'probe', 'probes', reading);
  checkUnique(drill.faults, 'fault', 'faults', reading);
  checkUnique(drill.actions, 'action', 'actions', reading);
  for (const expectation of drill.expectations) checkExpectation(expectation, drill, probesWritten, reading);
}

/** A place of a probe as it stands in the drill file. */
export interface PlaceWritten {
  readonly probe: string;
  /** Number of the probe in its list, from 0. */
  readonly at: number;
  readonly place: string;
  readonly index: number;
}

/** Places that the geography must know. */
export function checkPlaces(places: readonly PlaceWritten[], reading: Reading): void {
  for (const { probe, at, place, index } of places) {
    if (Object.hasOwn(CITIES, place)) continue;
    complain(reading, ['probes', at, 'places', index], {
      code: 'drill/unknown-place',
      says: `Probe ${probe}: the geography knows no place ${place}.`,
      remedy: remedyFor(place, Object.keys(CITIES), 'place'),
    });
  }
}

function checkUnique(
  items: Drill['probes'] | Drill['faults'] | Drill['actions'],
  what: string,
  section: string,
  reading: Reading,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(item.name)) {
      complain(reading, itemPath(item.place?.path), {
        says: `There are two ${section} with the name ${item.name}.`,
        remedy: `Give each ${what} a name of its own; reports tell them apart by it.`,
      });
    }
    seen.add(item.name);
  }
}

function checkExpectation(
  expectation: Expectation,
  drill: Drill,
  probesWritten: readonly string[],
  reading: Reading,
): void {
  const path = itemPath(expectation.source?.path);
  const { probe: name, method, place } = expectation;
  if (!probesWritten.includes(name)) {
    complain(reading, [...path, 'probe'], {
      code: 'drill/unknown-probe',
      says: `The drill has no probe ${name}.`,
      remedy: remedyFor(name, probesWritten, 'probe'),
    });
  }
  const probe = drill.probes.find((candidate) => candidate.name === name);
  if (probe && method !== undefined && !probe.methods.includes(method)) {
    complain(reading, [...path, 'method'], {
      code: 'drill/unknown-probe',
      says: `Probe ${name} sends no ${method}.`,
      remedy: `Add ${method} to its methods, or expect something of ${probe.methods.join(', ')}.`,
    });
  }
  if (probe && place !== undefined && !probe.places.includes(place)) {
    complain(reading, [...path, 'place'], {
      code: 'drill/unknown-probe',
      says: `Probe ${name} sends nothing from ${place}.`,
      remedy: `Add ${place} to its places, or expect something of ${probe.places.join(', ')}.`,
    });
  }
}

/** Times that contradict each other. */
export function checkTimes(drill: Drill, reading: Reading): void {
  if (drill.end <= 0) complainOfTime(reading, ['duration'], 'The drill lasts no time.', 'Give it a duration above 0.');
  for (const fault of drill.faults) {
    const path = itemPath(fault.place?.path);
    if (fault.until <= fault.from) {
      complainOfTime(
        reading,
        [...path, 'until'],
        `Fault ${fault.name} ends before it starts.`,
        'until counts from the start of the drill, as from does; set it later than from.',
      );
    }
    if (drill.end !== NEVER && fault.from >= drill.end) {
      complainOfTime(
        reading,
        [...path, 'from'],
        `Fault ${fault.name} begins when the drill is over.`,
        'Begin it earlier or give the drill a longer duration.',
      );
    }
    noteUnhealed(fault, drill, reading);
  }
  for (const action of drill.actions) checkTimesOfAction(action, drill, reading);
}

function checkTimesOfAction({ name, at, until, place }: PlannedAction, drill: Drill, reading: Reading): void {
  const path = itemPath(place?.path);
  if (drill.end !== NEVER && at >= drill.end) {
    const remedy = 'Do it earlier or give the drill a longer duration.';
    complainOfTime(reading, [...path, 'at'], `Action ${name} is due when the drill is over.`, remedy);
  }
  if (until !== undefined && until <= at) {
    const remedy = 'until counts from the start of the drill, as at does; set it later than at.';
    complainOfTime(reading, [...path, 'until'], `Action ${name} is not repeated: until is not after at.`, remedy);
  }
}

function complainOfTime(reading: Reading, path: readonly (string | number)[], says: string, remedy: string): void {
  complain(reading, path, { code: 'drill/time', says, remedy });
}

/** A fault that outlasts the drill is fine (nobody heals a Region), but its failback cannot be measured. */
function noteUnhealed(fault: Fault, drill: Drill, reading: Reading): void {
  if (drill.end === NEVER || fault.until === NEVER || fault.until < drill.end) return;
  reading.findings.push({
    code: 'drill/time',
    weight: 'warning',
    place: reading.document.placeOf([...itemPath(fault.place?.path), 'until']),
    says: `Fault ${fault.name} is healed when the drill is over, so its failback is not measured.`,
    remedy: 'Give the drill a longer duration, or leave until out.',
  });
}

/** Switches must exist and take their values; the engine knows them. */
export function checkSwitches(drill: Drill, reading: Reading): void {
  for (const [name, value] of Object.entries(drill.switches)) {
    const path = ['switches', name];
    if (!Object.hasOwn(SWITCHES, name)) {
      const remedy = remedyFor(name, Object.keys(SWITCHES), 'switch');
      complain(reading, path, { says: `There is no switch ${name}.`, remedy });
      continue;
    }
    const says = faultOfSwitch(name, value);
    if (says !== undefined) complain(reading, path, { says, remedy: 'Write one of these values, or remove it.' });
  }
}

/** The path of a list element from its text, as `probes[2]`; places carry it as text. */
function itemPath(text: string | undefined): readonly (string | number)[] {
  const match = /^(\w+)\[(\d+)\]/.exec(text ?? '');
  return match ? [match[1] ?? '', Number(match[2])] : [];
}
