import type { Architecture, DeployedResource, Finding, Stack } from '../../model/index.ts';
import type { DesiredResource, Failure, ParameterStore, Refusal, ResourceChange } from '../../engine/index.ts';
import { cannotRename, compareResources, takenAlias, takenName, validationError } from '../../engine/index.ts';
import type { Birth, StackHistory, TemplateSource } from '../../template/index.ts';
import type { Sources } from '../estate.ts';
import type { HandMadeResources } from '../hand-made.ts';
import { isHandMade } from '../hand-made.ts';
import type { StackEntry, StackOutput, Target } from './stack-entry.ts';
import {
  bornAgain,
  desiredResources,
  failuresIn,
  fileOf,
  firstFailure,
  needsBirth,
  outputsOf,
  ownResources,
  stackIn,
} from './stack-readings.ts';
import { alarmsMissing } from './missing-alarms.ts';
import { FoundValues } from './stored-values.ts';
import type { NestedBirths, NestedPlan } from './nested-plans.ts';
import {
  embeddedFailures,
  missingTemplates,
  nestedHistories,
  nestedPlans,
  ownErrors,
  rebornIn,
} from './nested-plans.ts';

/** What comes of a stack's next deployment, found out without doing it. */
export interface Plan {
  readonly source: TemplateSource;
  readonly births: Readonly<Record<string, Birth>>;
  readonly changes: readonly ResourceChange[];
  readonly after: readonly DesiredResource[];
  readonly outputs: readonly StackOutput[];
  /** Exports by name. */
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: readonly string[];
  /** The template cannot be deployed at all: nothing is begun. */
  readonly refusal: Refusal | undefined;
  /** The first resource that cannot be made. */
  readonly failure: Failure | undefined;
  /** Stacks that are nested in it, each after the one that it is in. */
  readonly nested: readonly NestedPlan[];
  /** The stack's resources as they would be, for those who look for what belongs to them. */
  readonly resources: readonly DeployedResource[];
}

/** Replacements that lead to others; a chain is as long as references are. */
const ROUNDS_MAX = 50;

interface PlanOptions {
  readonly code: TemplateSource['code'];
  readonly store: ParameterStore;
  /** Stacks that are nested in it already. */
  readonly nestedBefore: readonly StackEntry[];
  /** Resources made by hand that there are then. */
  readonly handMade: HandMadeResources;
}

/** Works out a deployment: what changes, what is replaced, what fails. */
export function planDeployment(
  sources: Sources,
  entry: StackEntry,
  target: Target,
  { code, store, nestedBefore, handMade }: PlanOptions,
): Plan {
  let births = entry.births;
  let nestedBirths: NestedBirths = Object.fromEntries(nestedBefore.map((each) => [each.stackName, each.births]));
  const before = entry.deployed?.resources ?? [];
  const lasting = new Set(before.map(({ logicalId }) => logicalId));
  for (let round = 0; ; round += 1) {
    const kept = keptValues(entry, lasting);
    const stored = new FoundValues(store, kept);
    const nestedHistory = nestedHistories(entry, nestedBirths);
    const source = { ...sourceOf(entry, target, { births, code, stored }), nestedHistory };
    const { value, findings } = sources.read({ stacks: new Map([[entry.stackId, source]]), handMade });
    const after = desiredResources(value, entry, target);
    const changes = compareResources(before, after);
    const outdated = changes.flatMap((change) => (change.action === 'Modify' ? [change.after.logicalId] : []));
    // What is changed anyway gets the values of today.
    if (kept.size > 0 && outdated.filter((id) => lasting.delete(id)).length > 0) continue;
    const anew = changes.flatMap((change) => (needsBirth(change) ? [change.after.logicalId] : []));
    if (anew.length > 0 && round < ROUNDS_MAX) {
      births = { ...births, ...Object.fromEntries(anew.map((id) => [id, bornAgain(entry, id, births[id])])) };
      continue;
    }
    const errors = findings.filter(({ weight }) => weight === 'error');
    const nested = nestedPlans(value, entry, target, { source, before: nestedBefore, errors });
    const reborn = rebornIn(nested, nestedBirths);
    if (reborn !== undefined && round < ROUNDS_MAX) {
      nestedBirths = reborn;
      continue;
    }
    const stack = stackIn(value, entry);
    const taken = namesTaken(sources, entry, value);
    // What two templates have at once is told of the other one, too.
    const ofResources = ({ logicalId }: Failure): boolean => logicalId !== undefined || taken.length === 0;
    return {
      source: withHistories(sources.source(entry.stackId), source, changes, nested),
      births,
      changes,
      after,
      outputs: outputsOf(stack, target),
      exports: exportsOf(stack),
      imports: stack?.imports ?? [],
      refusal: refusalIn(errors, source.file) ?? unresolvedIn(after),
      nested,
      failure: firstFailure(after, [
        ...taken,
        ...embeddedFailures(nested),
        ...missingTemplates(after, target),
        ...failuresIn(ownErrors(errors, nested), source.file).filter(ofResources),
        ...typeChanges(before, after),
        ...(anew.length > 0 ? renamed(anew, after) : []),
        ...alarmsMissing(value, entry, changes),
      ]),
      resources: ownResources(value, entry),
    };
  }
}

/** What resources that are as they were got from the parameter store. */
function keptValues({ deployed }: StackEntry, lasting: ReadonlySet<string>): ReadonlyMap<string, string> {
  const stored = deployed?.source.stored;
  return stored instanceof FoundValues ? stored.keptBy((logicalId) => lasting.has(logicalId)) : new Map();
}

/** Dynamic references to parameters that are not there (RS 8.12b). What CDK's reader of another Region's values names it reads itself. */
function unresolvedIn(after: readonly DesiredResource[]): Refusal | undefined {
  const resolved = after.filter(({ type }) => type !== 'Custom::CrossRegionExportReader');
  const texts = resolved.map(({ properties }) => JSON.stringify(properties)).join(' ');
  const missing = [...texts.matchAll(/\{\{resolve:(ssm(?:-secure)?:[^{}]*)\}\}/g)].map(([, name]) => name);
  if (missing.length === 0) return undefined;
  return validationError(`Parameters: [${[...new Set(missing)].join(', ')}] cannot be found.`);
}

/** A stack as an architecture has it already. */
export function standing(
  architecture: Architecture,
  entry: StackEntry,
  target: Target,
): { readonly resources: readonly DesiredResource[]; readonly outputs: readonly StackOutput[] } {
  return {
    resources: desiredResources(architecture, entry, target),
    outputs: outputsOf(stackIn(architecture, entry), target),
  };
}

/** Born anew over and over, and always of the same name: it is the user's own. */
function renamed(ids: readonly string[], after: readonly DesiredResource[]): Failure[] {
  const names = after.filter(({ logicalId }) => ids.includes(logicalId)).map(({ physicalId }) => physicalId);
  return ids.map((logicalId) => ({ logicalId, reason: cannotRename(names) }));
}

function sourceOf(
  entry: StackEntry,
  target: Target,
  { births, code, stored }: Required<Pick<TemplateSource, 'code' | 'stored'>> & Pick<StackEntry, 'births'>,
): TemplateSource {
  const { template, parameters } = target;
  return {
    file: fileOf(entry),
    text: template,
    stack: entry.stackName,
    region: entry.region,
    parameters,
    code: { ...target.templates, ...code },
    stored,
    history: { incarnation: entry.incarnation, births },
  };
}

/** What was done by hand to resources lasts until a stack changes them. */
function withHistories(
  before: TemplateSource | undefined,
  source: TemplateSource,
  changes: readonly ResourceChange[],
  nested: readonly NestedPlan[],
): TemplateSource {
  const histories = nested.map(({ stackName, births, changes: own }): [string, StackHistory] => {
    const history = { ...source.nestedHistory?.[stackName], births };
    return [stackName, afterChanges(before?.nestedHistory?.[stackName], history, own)];
  });
  return {
    ...source,
    history: afterChanges(before?.history, source.history ?? {}, changes),
    nestedHistory: Object.fromEntries(histories),
  };
}

function afterChanges(
  before: StackHistory | undefined,
  history: StackHistory,
  changes: readonly ResourceChange[],
): StackHistory {
  const changed = new Set(
    changes.map((change) => (change.action === 'Remove' ? change.before : change.after).logicalId),
  );
  const byHand = Object.entries(before?.changedByHand ?? {}).filter(([logicalId]) => !changed.has(logicalId));
  const absent = (before?.absent ?? []).filter((logicalId) => !changed.has(logicalId));
  const { changedByHand: _byHand, absent: _absent, ...rest } = history;
  if (byHand.length === 0 && absent.length === 0) return rest;
  return { ...rest, changedByHand: Object.fromEntries(byHand), absent };
}

function exportsOf(stack: Stack | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((stack?.exports ?? []).map(({ name, output }) => [name, stack?.outputs[output] ?? '']));
}

/** Findings about the form of a template, which no resource is to blame for. */
const FORMAL: ReadonlySet<string> = new Set([
  'template/syntax',
  'template/shape',
  'template/unresolved-reference',
  'template/intrinsic',
  'template/circular',
  'template/parameter',
  'template/missing-region',
  'template/transform',
  'template/limit',
]);

/** Why CloudFormation would not even begin. */
export function refusalIn(errors: readonly Finding[], file: string): Refusal | undefined {
  const own = errors.filter(({ place, code }) => place?.file === file && FORMAL.has(code));
  const [first] = own;
  if (first === undefined) return undefined;
  if (first.code === 'template/parameter') return validationError(first.says);
  const unresolved = own.flatMap(({ code, says }) => {
    const name = code === 'template/unresolved-reference' ? /^(\S+) is (?:neither|no)\b/.exec(says)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
  // RS 8.13
  if (unresolved.length > 0) {
    const names = [...new Set(unresolved)].join(', ');
    return validationError(
      `Template format error: Unresolved resource dependencies [${names}] in the Resources block of the template`,
    );
  }
  // RS 8.15
  if (first.says === 'A template needs at least one resource.')
    return validationError('Template format error: At least one Resources member must be defined.');
  const { line, column } = first.place ?? { line: 1, column: 1 };
  return validationError(`Template format error: ${first.says} (line ${line}, column ${column})`);
}

function typeChanges(before: readonly DesiredResource[], after: readonly DesiredResource[]): Failure[] {
  const types = new Map(before.map(({ logicalId, type }) => [logicalId, type]));
  const changed = after.filter(({ logicalId, type }) => (types.get(logicalId) ?? type) !== type);
  const ids = changed.map(({ logicalId }) => logicalId).join(', ');
  const reason = `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${ids}]`;
  return changed.map(() => ({ logicalId: undefined, reason }));
}

/** Names and alternate domain names that others have already. */
function namesTaken(sources: Sources, entry: StackEntry, after: Architecture): Failure[] {
  const own = (each: { readonly stack: string; readonly region?: string }): boolean =>
    each.stack === entry.stackName && (each.region === undefined || each.region === entry.region);
  const holder = (resource: DeployedResource): Parameters<typeof takenName>[0][number] => ({
    ...resource,
    stackId: isHandMade(resource) ? '' : sources.stackIdOf(resource),
  });
  const made = ownResources(after, entry);
  const [mine, theirs] = [made.map(holder), after.resources.filter((each) => !own(each)).map(holder)];
  const ids = new Set(made.map(({ physicalId }) => physicalId));
  const distributions = after.distributions;
  const conflicts = [
    takenName(mine, theirs),
    takenAlias(
      distributions.filter(({ id }) => ids.has(id)),
      distributions.filter(({ id }) => !ids.has(id)),
    ),
  ];
  return conflicts.filter((conflict) => conflict !== undefined);
}
