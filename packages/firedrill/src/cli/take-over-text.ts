import type { Check, Direction, Ended, Outcome, ResolverView, Step, SwitchMetric, TakeOver } from '../operate/index.ts';
import { sideOf } from '../operate/index.ts';

/** A check in a line, with what to do when it is not so. */
export function checkText({ isOk, isDoubtful = false, says, remedy }: Check): string {
  const mark = isDoubtful ? '!! ' : isOk ? 'ok ' : 'NO ';
  return `  ${mark} ${says}${remedy === undefined ? '' : `\n      → ${remedy}`}`;
}

/** What a resolver says now. */
export function viewText({ resolver, side, addresses, ttlSeconds, error }: ResolverView): string {
  if (error !== undefined) return `  now ${resolver} says nothing (${error})`;
  const where = side === 'unknown' ? 'to neither side' : `to the ${side}`;
  return `  now ${resolver} leads ${where} (${addresses.join(', ')}) for another ${ttlSeconds} s at most`;
}

/** What is about to be done. */
export function planText(way: Direction, { region }: TakeOver, { metric, value }: SwitchMetric): string {
  const dimensions = metric.dimensions.map((each) => ` ${each.name}=${each.value}`).join('');
  return `will publish ${value[way]} as ${metric.namespace} ${metric.metricName}${dimensions} in ${region}, then wait until every resolver leads to the ${sideOf(way)}`;
}

/** What happened on the way. */
export function stepText(step: Step, way: Direction): string {
  const at = `${step.afterSeconds.toFixed(1).padStart(7)} s `;
  switch (step.kind) {
    case 'published':
      return `${at} published ${step.value}`;
    case 'alarm':
      return `${at} the alarm is ${step.state}`;
    case 'moved':
      return `${at} ${step.resolver} leads to the ${sideOf(way)}${step.left === 0 ? '' : `; ${step.left} to go`}`;
  }
}

/** How it ended, with the resolvers that moved first and last. */
export function endedText({ outcome, first, last, waitsFor, hint }: Ended): string {
  const lines = [
    OUTCOMES[outcome],
    ...(first === undefined ? [] : [`  first ${first.resolver} after ${first.afterSeconds.toFixed(1)} s`]),
    ...(last === undefined ? [] : [`  last  ${last.resolver} after ${last.afterSeconds.toFixed(1)} s`]),
    ...waitsFor.map((resolver) => `  still ${resolver} has not moved`),
    ...(hint === undefined ? [] : [`  → ${hint}`]),
  ];
  return lines.join('\n');
}

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  moved: 'All resolvers have moved.',
  'timed-out': 'Not all resolvers have moved in time. The value stays published: run this again to go on waiting.',
  interrupted: 'Interrupted. The value stays published and traffic goes on moving: run this again to go on waiting.',
};
