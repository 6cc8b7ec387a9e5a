import type { Architecture, Finding } from '../model/index.ts';
import type { Offence, Rule } from './rule.ts';
import { RULES } from './rules.ts';

/**
 * Looks for failover traps in an architecture before anything runs. Errors are what AWS refuses or what
 * cannot work; warnings and notes are what works, and other than most people expect. In the order of
 * {@link RULES}, then of the templates.
 */
export function check(architecture: Architecture): readonly Finding[] {
  return RULES.flatMap((rule) => rule.find(architecture).map((offence) => findingOf(rule, offence)));
}

function findingOf({ code, facts, ...rule }: Rule, { place, says, remedy, weight }: Offence): Finding {
  return { code, weight: weight ?? rule.weight, ...(place === undefined ? {} : { place }), says, remedy, facts };
}
