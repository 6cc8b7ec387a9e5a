import type { DerivedHealthCheck } from '../model/index.ts';
import { whyNotFollowed } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { Teller } from './teller.ts';

/** Holds what health checks follow against what there is, and leaves out those that AWS would refuse. */
export function assembleDerivedHealthChecks(draft: Draft, tell: Teller): readonly DerivedHealthCheck[] {
  const kept = draft.derivedHealthChecks.filter((each) => isPossible(each, draft, tell)).map(({ check }) => check);
  for (const { check } of draft.derivedHealthChecks) if (!kept.includes(check)) draft.healthChecksLeftOut.add(check.id);
  return kept;
}

function isPossible({ check, followsAt }: Draft['derivedHealthChecks'][number], draft: Draft, tell: Teller): boolean {
  switch (check.type) {
    case 'CALCULATED':
      return hasPossibleChildren(check.childHealthChecks, followsAt, draft, tell);
    case 'CLOUDWATCH_METRIC':
      return hasPossibleAlarm({ region: check.alarmRegion, name: check.alarmName }, followsAt, draft, tell);
    default:
      return true;
  }
}

type At = Draft['derivedHealthChecks'][number]['followsAt'];

/** R53 HC-27. */
function hasPossibleChildren(children: readonly string[], at: At, draft: Draft, tell: Teller): boolean {
  for (const id of children) {
    const child = draft.derivedHealthChecks.find(({ check }) => check.id === id)?.check;
    if (child?.type === 'CALCULATED') {
      const says = 'A calculated health check cannot be the child of another.';
      tell.error('template/property', at, says, { facts: ['R53 HC-27'] });
      return false;
    }
    if (child !== undefined || draft.healthChecks.some((check) => check.id === id)) continue;
    if (draft.healthChecksLeftOut.has(id)) continue;
    const says = `ChildHealthChecks names ${id}, which is in no template read; it counts as healthy.`;
    tell.warning('template/not-acted-on', at, says, { remedy: 'Give the template of that health check too.' });
  }
  return true;
}

/** R53 HC-31, HC-33. */
function hasPossibleAlarm(
  { region, name }: { readonly region: string; readonly name: string },
  at: At,
  draft: Draft,
  tell: Teller,
): boolean {
  const refusal = draft.alarmsLeftOut.get(`${region} ${name}`) ?? refusalOf(draft, region, name);
  if (refusal !== undefined) {
    tell.error('template/property', at, refusal, { facts: ['R53 HC-31', 'R53 HC-33'] });
    return false;
  }
  if (!draft.metricAlarms.some((alarm) => alarm.region === region && alarm.name === name)) {
    const says = `AlarmIdentifier names the alarm ${name} in ${region}, which is in no template read; the health check stays healthy.`;
    tell.warning('template/not-acted-on', at, says, {
      remedy: 'Give the template of the alarm too, with its Region; an alarm of another account cannot be followed.',
      facts: ['R53 HC-31'],
    });
  }
  return true;
}

function refusalOf(draft: Draft, region: string, name: string): string | undefined {
  if (draft.compositeAlarms.some((alarm) => alarm.region === region && alarm.name === name)) {
    return `${name} is a composite alarm; a health check follows one metric.`;
  }
  const alarm = draft.metricAlarms.find((each) => each.region === region && each.name === name);
  return alarm === undefined ? undefined : whyNotFollowed(name, alarm);
}
