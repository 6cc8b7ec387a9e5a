import type { Instant } from '../model/index.ts';
import type { AwsNames } from './aws-names.ts';
import type { Question, Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Step, ZoneAnswer } from './route53/answer.ts';
import type { RecordGroup } from './route53/zones.ts';

/** Questions whose latest answer is remembered; when they are more, it begins anew. */
const QUESTIONS_MAX = 100_000;

interface Latest {
  /** Whether the answer has ever depended on where the asker is; if so each place has its own. */
  isLocated: boolean;
  readonly byAsker: Map<string, Told>;
}

/** What the timeline was told last. */
interface Told {
  /** As far as chance had no say. */
  readonly chosen: string;
  readonly seq: number;
  /** How the answer came about that was told. */
  readonly steps: readonly Step[];
  /** What follows what chance has drawn. */
  readonly afterChance: Map<string, { readonly chosen: string; readonly seq: number }>;
}

/**
 * Puts on the timeline when an answer is not what it was. What chance draws is no change; it is one when others may be
 * drawn, or when what was drawn leads elsewhere than before.
 */
export class AnswerChanges {
  private readonly latest = new Map<string, Latest>();
  private readonly latestOfGroups = new Map<RecordGroup, Latest>();
  private readonly parts: Parts;
  private names: AwsNames;

  constructor(parts: Parts, names: AwsNames) {
    this.parts = parts;
    this.names = names;
  }

  /** Goes on with the names of another estate: what was told of is not told again. */
  follow(names: AwsNames): void {
    this.names = names;
  }

  /** `seq` of the event that told of the answer, which may be this very one. */
  causeOf(found: ZoneAnswer, question: Question, asker: Vantage, now: Instant): number {
    const latest = this.latestOf(found, question);
    latest.isLocated ||= this.parts.faults.mayPartition || found.located;
    const who = latest.isLocated ? asker.name : '';
    const told = latest.byAsker.get(who);
    // Most answers are what they were before, which is seen without writing down what was chosen.
    if (told !== undefined && areSame(told.steps, found.steps)) return told.seq;
    const chosen = found.chosenBeforeChance;
    const { luck } = found;
    if (told?.chosen !== chosen) {
      const seq = this.tell(found, question, asker, now);
      const afterChance = new Map([[luck, { chosen: found.chosen, seq }]]);
      latest.byAsker.set(who, { chosen, seq, steps: found.steps, afterChance });
      return seq;
    }
    if (luck === '') return told.seq;
    const before = told.afterChance.get(luck);
    if (before?.chosen === found.chosen) return before.seq;
    // Drawn for the first time: that it may be drawn has been told.
    const seq = before === undefined ? told.seq : this.tell(found, question, asker, now);
    told.afterChance.set(luck, { chosen: found.chosen, seq });
    return seq;
  }

  private latestOf({ steps }: ZoneAnswer, { name, type }: Question): Latest {
    // One group of records answers one question, but for wildcards and aliases of another type.
    const group = steps[0]?.selection.group;
    if (group !== undefined && group.name === name && group.type === type) return latestIn(this.latestOfGroups, group);
    return latestIn(this.latest, `${name} ${type}`);
  }

  private tell(found: ZoneAnswer, question: Question, asker: Vantage, now: Instant): number {
    const answer = this.possibleAnswers(found, asker);
    const labels = new Set(answer.map((address) => this.parts.endpoints.get(address)?.label ?? ''));
    labels.delete('');
    // What came last made it so: a change of health, or of the records themselves.
    const cause = found.steps.reduce(
      (latest, { selection }) => Math.max(latest, selection.group.changedBy),
      found.reply.cause,
    );
    return this.parts.timeline.record(now, cause, 'dns.answer-changed', {
      name: question.name,
      type: question.type,
      answer,
      endpoint: [...labels].join(', '),
      rule: found.rule,
    });
  }

  /** All that may be answered: of several that chance draws from not only the one that it has drawn. */
  private possibleAnswers({ reply, steps }: ZoneAnswer, asker: Vantage): readonly string[] {
    const last = steps.at(-1);
    if (last === undefined || last.drawn === '') return reply.answers.map(({ data }) => data);
    return last.selection.candidates.flatMap(({ values, alias }) => {
      if (alias === undefined) return values;
      return this.names.endpointsOf(alias.dnsName, asker)?.map(({ address }) => address) ?? [];
    });
  }
}

function latestIn<Key>(all: Map<Key, Latest>, key: Key): Latest {
  const known = all.get(key);
  if (known !== undefined) return known;
  if (all.size === QUESTIONS_MAX) all.clear();
  const latest: Latest = { isLocated: false, byAsker: new Map() };
  all.set(key, latest);
  return latest;
}

/** Whether the same records were chosen on the way; what chance has drawn does not matter where nothing follows it. */
function areSame(before: readonly Step[], now: readonly Step[]): boolean {
  const { length } = now;
  if (before.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const one = before[i];
    const other = now[i];
    if (one === undefined || other === undefined) return false;
    if (i < length - 1 && (one.drawn !== '' || other.drawn !== '')) return false;
    if (one.selection.group !== other.selection.group) return false;
    const { candidates } = one.selection;
    const { candidates: others } = other.selection;
    if (candidates === others) continue;
    if (candidates.length !== others.length) return false;
    for (let c = 0; c < candidates.length; c++) if (candidates[c] !== others[c]) return false;
  }
  return true;
}
