import type { Failure, World } from '../../engine/index.ts';
import { CLOUDFORMATION_FACTS, STACK_TYPE } from '../../engine/index.ts';
import type { CodeLocation } from '../../template/index.ts';
import { plainProperties } from '../plain-values.ts';
import type { CodeObjects } from './code-objects.ts';
import type { NestedPlan } from './nested-plans.ts';
import type { Plan } from './planning.ts';
import { bytesOf, fetchCode } from './stack-code.ts';
import type { Target } from './stack-entry.ts';
import { placeOf } from './template-place.ts';

/** Nested templates of one deployment; AWS counts the resources of all of them (2,500). */
const TEMPLATES_MAX = 500;

/**
 * Fetches the templates of nested stacks, again and again as those that were fetched name others.
 * @param plan works out what a target names.
 */
export async function withNestedTemplates(
  target: Target,
  world: World,
  plan: (target: Target) => Plan,
): Promise<Target> {
  const templates: Record<string, CodeLocation> = {};
  const missing: Record<string, string> = {};
  if (target.outline.resources.every(({ type }) => type !== STACK_TYPE)) return target;
  for (;;) {
    const whole = { ...target, templates: { ...templates }, missingTemplates: { ...missing } };
    const { resources, nested } = plan(whole);
    const urls = [...resources, ...nested.flatMap((each) => each.resources)].flatMap(({ type, properties }) => {
      const url = type === STACK_TYPE ? plainProperties(properties)['TemplateURL'] : undefined;
      return typeof url === 'string' && !Object.hasOwn(templates, url) && !Object.hasOwn(missing, url) ? [url] : [];
    });
    if (urls.length === 0 || Object.keys(templates).length > TEMPLATES_MAX) return whole;
    for (const url of new Set(urls)) {
      const text = await storedText(url, world);
      if (text.kind === 'found') templates[url] = { kind: 'data', path: url, files: [], text: text.text };
      else missing[url] = text.says;
    }
  }
}

type StoredText =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'missing'; readonly says: string };

/** The text of the template at an address, or why there is none. */
export async function storedText(url: string, world: World): Promise<StoredText> {
  const place = placeOf(url);
  if (place === undefined) return { kind: 'missing', says: 'TemplateURL must be a supported URL.' };
  const object = world.contentsOf(place.bucket)?.current(place.key)?.object;
  if (object === undefined) return { kind: 'missing', says: 'S3 error: The specified key does not exist.' };
  const most = CLOUDFORMATION_FACTS.STORED_TEMPLATE_BYTES_MAX.value;
  if (object.bytes > most) return { kind: 'missing', says: `Template may not exceed ${most} bytes in size.` };
  return { kind: 'found', text: (await bytesOf(object)).toString('utf8') };
}

/** What the resources of nested stacks are made of; failures by the names of these. */
export async function fetchNestedCode(
  nested: readonly NestedPlan[],
  world: World,
  objects: CodeObjects,
): Promise<{
  readonly code: Readonly<Record<string, CodeLocation>>;
  readonly failures: ReadonlyMap<string, readonly Failure[]>;
}> {
  let code: Readonly<Record<string, CodeLocation>> = {};
  const failures = new Map<string, readonly Failure[]>();
  for (const { stackName, resources } of nested) {
    const found = await fetchCode(resources, world, objects);
    code = { ...code, ...found.code };
    if (found.failures.length > 0) failures.set(stackName, found.failures);
  }
  return { code, failures };
}
