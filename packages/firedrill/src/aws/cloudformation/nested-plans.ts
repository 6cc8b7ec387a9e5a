import type { Architecture, DeployedResource, Finding } from '../../model/index.ts';
import type { DesiredResource, Failure, ResourceChange } from '../../engine/index.ts';
import { compareResources, embeddedFailure, STACK_TYPE } from '../../engine/index.ts';
import type { Birth, StackHistory, TemplateSource } from '../../template/index.ts';
import { nestedTemplate, outlineTemplate } from '../../template/index.ts';
import { plainProperties } from '../plain-values.ts';
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
import type { StackEntry, StackOutput, Target } from './stack-entry.ts';

/** Births of the resources of nested stacks, by the names of these. */
export type NestedBirths = Readonly<Record<string, Readonly<Record<string, Birth>>>>;

/** What comes of a nested stack with the deployment of the one that it is in (RS 8.27b). */
export interface NestedPlan {
  readonly stackId: string;
  readonly stackName: string;
  readonly region: string;
  readonly incarnation: string;
  /** Name of the stack that it is in. */
  readonly parent: string;
  /** The resource of the outermost stack that it is, or is in. */
  readonly top: string;
  readonly target: Target;
  /** Undefined: it is new. */
  readonly before: StackEntry | undefined;
  readonly after: readonly DesiredResource[];
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly StackOutput[];
  readonly births: Readonly<Record<string, Birth>>;
  readonly resources: readonly DeployedResource[];
  readonly failure: Failure | undefined;
}

interface Around {
  readonly source: TemplateSource;
  readonly before: readonly StackEntry[];
  readonly errors: readonly Finding[];
}

/** Plans of all stacks nested in one, each after the one that it is in. */
export function nestedPlans(
  value: Architecture,
  { stackName: parent, region }: Pick<StackEntry, 'stackName' | 'region'>,
  outer: Target,
  around: Around,
  top?: string,
): readonly NestedPlan[] {
  const within = value.stacks.filter((stack) => stack.nestedIn === parent && stack.region === region);
  const holders = ownResources(value, { stackName: parent, region }).filter(({ type }) => type === STACK_TYPE);
  return within.flatMap(({ name }) => {
    const holder = holders.find(({ physicalId }) => physicalId.includes(`:stack/${name}/`));
    if (holder === undefined) return [];
    const plan = planOf(value, holder, { name, parent, outer, around, top: top ?? holder.logicalId });
    return [plan, ...nestedPlans(value, plan, plan.target, around, plan.top)];
  });
}

function planOf(
  value: Architecture,
  holder: DeployedResource,
  {
    name,
    parent,
    outer,
    around,
    top,
  }: {
    readonly name: string;
    readonly parent: string;
    readonly outer: Target;
    readonly around: Around;
    readonly top: string;
  },
): NestedPlan {
  const { region, physicalId: stackId } = holder;
  const which = { stackName: name, region };
  const properties = plainProperties(holder.properties);
  const url = properties['TemplateURL'];
  const template = nestedTemplate(typeof url === 'string' ? url : '', around.source.code) ?? '';
  const outline = outlineTemplate({ file: fileOf(which), text: template });
  const { tags, capabilities, notificationArns } = outer;
  const target = {
    template,
    outline,
    parameters: textsOf(properties['Parameters']),
    tags,
    capabilities,
    notificationArns,
  };
  const before = around.before.find((each) => each.stackName === name);
  const after = desiredResources(value, which, target);
  const errors = around.errors.filter(({ place }) => place?.file === fileOf(which));
  return {
    ...which,
    stackId,
    incarnation: around.source.history?.incarnation ?? '',
    parent,
    top,
    target,
    before,
    after,
    changes: compareResources(before?.deployed?.resources ?? [], after),
    outputs: outputsOf(stackIn(value, which), target),
    births: around.source.nestedHistory?.[name]?.births ?? {},
    resources: ownResources(value, which),
    failure: firstFailure(after, failuresIn(errors, fileOf(which))),
  };
}

/** Births with those of resources that are replaced; undefined when there is none of these. */
export function rebornIn(plans: readonly NestedPlan[], births: NestedBirths): NestedBirths | undefined {
  const reborn = plans.flatMap((plan) =>
    plan.changes.flatMap((change) => (needsBirth(change) ? [{ plan, logicalId: change.after.logicalId }] : [])),
  );
  if (reborn.length === 0) return undefined;
  return reborn.reduce((all, { plan, logicalId }) => {
    const own = all[plan.stackName] ?? plan.births;
    return { ...all, [plan.stackName]: { ...own, [logicalId]: bornAgain(plan, logicalId, own[logicalId]) } };
  }, births);
}

/** How the resources of nested stacks are known, for the reading of their templates: what was done by hand is not in these. */
export function nestedHistories(
  { incarnation }: Pick<StackEntry, 'incarnation'>,
  births: NestedBirths,
): Readonly<Record<string, StackHistory>> {
  return Object.fromEntries(Object.entries(births).map(([name, own]) => [name, { incarnation, births: own }]));
}

/** Failures of resources that are nested stacks (RS 8.27c). */
export function embeddedFailures(plans: readonly NestedPlan[]): readonly Failure[] {
  return plans.flatMap(({ failure, top, stackId, before }) =>
    failure === undefined ? [] : [{ logicalId: top, reason: embeddedFailure(stackId, before !== undefined, failure) }],
  );
}

/** A plan whose nested stacks have other failures as well: those found by then stay the first. */
export function withFailures<Whole extends { readonly nested: readonly NestedPlan[] }>(
  plan: Whole,
  failures: ReadonlyMap<string, readonly Failure[]>,
): Whole {
  if (failures.size === 0) return plan;
  const nested = plan.nested.map((each) => ({
    ...each,
    failure: firstFailure(each.after, [
      ...(failures.get(each.stackName) ?? []),
      ...(each.failure === undefined ? [] : [each.failure]),
    ]),
  }));
  return { ...plan, nested };
}

/** The same with what the world says against it. */
export function withErrors<Whole extends { readonly nested: readonly NestedPlan[] }>(
  plan: Whole,
  errors: readonly Finding[],
): Whole {
  const found = plan.nested.flatMap((each): [string, readonly Failure[]][] => {
    const own = errors.filter(({ place }) => place?.file === fileOf(each));
    return own.length === 0 ? [] : [[each.stackName, failuresIn(own, fileOf(each))]];
  });
  return withFailures(plan, new Map(found));
}

/** Failures of nested stacks whose templates could not be had. */
export function missingTemplates(
  after: readonly DesiredResource[],
  { missingTemplates: missing = {} }: Target,
): readonly Failure[] {
  return after.flatMap(({ logicalId, type, properties }) => {
    const url = properties['TemplateURL'];
    const reason = type === STACK_TYPE && typeof url === 'string' ? missing[url] : undefined;
    return reason === undefined ? [] : [{ logicalId, reason }];
  });
}

/** Errors that are not of nested stacks. */
export function ownErrors(errors: readonly Finding[], plans: readonly NestedPlan[]): readonly Finding[] {
  const files = new Set(plans.map(fileOf));
  return errors.filter(({ place }) => place === undefined || !files.has(place.file));
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, Array.isArray(item) ? item.join(',') : String(item)]),
  );
}
