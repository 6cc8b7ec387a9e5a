import type { Instant, RoutingControlState, RuleConfig, SafetyRule } from '../../model/index.ts';
import { after, never } from '../../model/index.ts';

/** States of routing controls by ARN; one that is not there is Off. */
export type States = ReadonlyMap<string, RoutingControlState>;

/** A change of states that somebody asks for. */
export interface Proposal {
  readonly before: States;
  readonly after: States;
  /** ARNs of the controls named in the request, whether or not their state differs from what it was. */
  readonly named: readonly string[];
  readonly now: Instant;
  /** When a control last changed, by ARN. */
  readonly changedAt: ReadonlyMap<string, Instant>;
}

/** Why a rule does not let a change pass. */
export interface Block {
  readonly rule: SafetyRule;
  readonly why: 'broken' | 'waiting';
}

/** The first of the rules that stands against a change; with several, they are met one after another (R53 SR-03). */
export function blockOf(proposal: Proposal, rules: readonly SafetyRule[]): Block | undefined {
  for (const rule of rules) {
    const guarded = guardedBy(rule).filter((arn) => proposal.named.includes(arn));
    if (guarded.length === 0) continue;
    if (isWaiting(rule, proposal)) return { rule, why: 'waiting' };
    if (!isHeldBy(rule, proposal)) return { rule, why: 'broken' };
  }
  return undefined;
}

/**
 * Whether states satisfy a rule's configuration (R53 SR-02): so many On for ATLEAST, all for AND, any for OR; the reverse
 * when inverted.
 */
export function satisfies(config: RuleConfig, controls: readonly string[], states: States): boolean {
  const on = controls.filter((arn) => states.get(arn) === 'On').length;
  return isMet(config, on, controls.length) !== config.inverted;
}

function isMet({ type, threshold }: RuleConfig, on: number, all: number): boolean {
  switch (type) {
    case 'ATLEAST':
      return on >= threshold;
    case 'AND':
      return on === all;
    case 'OR':
      return on > 0;
    default:
      return never(type);
  }
}

/** Controls that a rule stands before. */
function guardedBy(rule: SafetyRule): readonly string[] {
  return rule.kind === 'assertion' ? rule.assertedControls : rule.targetControls;
}

/**
 * An assertion is about what would be after the change. A gate has to be open before it: a batch that opens the gate and goes
 * through it at once does not pass (inferred; R53 SR-01).
 */
function isHeldBy(rule: SafetyRule, { before, after: then }: Proposal): boolean {
  return rule.kind === 'assertion'
    ? satisfies(rule.config, rule.assertedControls, then)
    : satisfies(rule.config, rule.gatingControls, before);
}

/** Whether one of a rule's controls has changed so recently that none of them may change now (R53 SR-02). */
function isWaiting(rule: SafetyRule, { changedAt, now }: Proposal): boolean {
  return guardedBy(rule).some((arn) => {
    const at = changedAt.get(arn);
    return at !== undefined && now < after(at, rule.waitPeriodMs);
  });
}
