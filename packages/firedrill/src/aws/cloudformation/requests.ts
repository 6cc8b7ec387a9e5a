import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { World } from '../../engine/index.ts';
import {
  capabilityRefusal,
  CLOUDFORMATION_FACTS,
  givenParameters,
  notInStore,
  storedType,
  validationError,
} from '../../engine/index.ts';
import type { OutlinedResource, TemplateOutline } from '../../template/index.ts';
import { outlineTemplate } from '../../template/index.ts';
import { refusalIn } from './planning.ts';
import { refused } from './stack-book.ts';
import { storedText } from './nested-templates.ts';
import type { StackEntry, Target } from './stack-entry.ts';
import type { Stacks } from './stacks.ts';

/** What requests that deploy have in common. */
export interface DeployRequest {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly Parameter[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly RoleARN?: string | undefined;
  readonly NotificationARNs?: readonly string[] | undefined;
}

/** The file that a template has in what is said about it before it belongs to a stack. */
const UNPLACED = 'template';

/**
 * The text of the template that a request names.
 * @throws AwsError when there is none, or it is too long.
 */
export async function templateText(
  request: DeployRequest,
  world: World,
  previous: string | undefined,
): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: usesPrevious } = request;
  if (body !== undefined && url !== undefined)
    throw refused(validationError('Either Template URL or Template Body must be specified.'));
  if (usesPrevious === true && previous !== undefined) return previous;
  if (body !== undefined) {
    const most = CLOUDFORMATION_FACTS.INLINE_TEMPLATE_BYTES_MAX.value;
    if (Buffer.byteLength(body) <= most) return body;
    const constraint = `Member must have length less than or equal to ${most}`;
    throw refused(
      validationError(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: ${constraint}`,
      ),
    );
  }
  if (url === undefined) throw refused(validationError('Either Template URL or Template Body must be specified.'));
  return await storedTemplate(url, world);
}

async function storedTemplate(url: string, world: World): Promise<string> {
  const found = await storedText(url, world);
  if (found.kind === 'missing') throw refused(validationError(found.says));
  return found.text;
}

/** A template as it is looked at before it is deployed. */
export function outlined(template: string): TemplateOutline {
  const outline = outlineTemplate({ file: UNPLACED, text: template });
  const errors = outline.findings.filter(({ weight }) => weight === 'error');
  const refusal = refusalIn(errors, UNPLACED);
  if (refusal !== undefined) throw refused(refusal);
  return outline;
}

/**
 * What a request wants a stack to become.
 * @param hasChangeSet whether somebody sees what macros make of the template before it is deployed.
 * @throws AwsError when it cannot be.
 */
export async function targetOf(
  request: DeployRequest,
  {
    stacks,
    world,
    entry,
    hasChangeSet,
  }: {
    readonly stacks: Stacks;
    readonly world: World;
    /** Of an update: what there is. */
    readonly entry: Pick<StackEntry, 'region' | 'deployed'>;
    readonly hasChangeSet: boolean;
  },
): Promise<Target> {
  const before = entry.deployed?.target;
  const template = await templateText(request, world, before?.template);
  const outline = outlined(template);
  const given = (request.Parameters ?? []).map(
    ({ ParameterKey: key = '', ParameterValue: value, UsePreviousValue }) => ({
      key,
      value,
      usePreviousValue: UsePreviousValue === true,
    }),
  );
  const parameters = givenParameters(
    outline.parameters,
    given,
    before === undefined ? undefined : allParameters(before),
  );
  if ('refusal' in parameters) throw refused(parameters.refusal);
  checkStored(stacks, entry.region, outline, parameters.values);
  const tags = (request.Tags ?? before?.tags.map(({ key, value }) => ({ Key: key, Value: value })) ?? []).map(
    ({ Key: key = '', Value: value = '' }) => ({ key, value }),
  );
  const capabilities = request.Capabilities ?? [];
  const expands = !hasChangeSet && outline.transforms.length > 0;
  const refusal = capabilityRefusal(withServerlessRoles(outline.resources), capabilities, expands);
  if (refusal !== undefined) throw refused(refusal);
  return {
    template,
    outline,
    parameters: parameters.values,
    tags,
    capabilities,
    ...(request.RoleARN === undefined ? {} : { roleArn: request.RoleARN }),
    notificationArns: request.NotificationARNs ?? [],
  };
}

/** Values of all parameters that a stack has, defaults among them. */
function allParameters({ outline, parameters }: Target): Readonly<Record<string, string>> {
  const values = outline.parameters.map(
    ({ name, default: fallback = '' }) => [name, parameters[name] ?? fallback] as const,
  );
  return Object.fromEntries(values);
}

/** A serverless function without a role of its own gets one (RS 8.28). */
function withServerlessRoles(resources: readonly OutlinedResource[]): readonly OutlinedResource[] {
  return resources.map((resource) =>
    resource.type === 'AWS::Serverless::Function' && !resource.properties.includes('Role')
      ? { ...resource, type: 'AWS::IAM::Role', properties: [] }
      : resource,
  );
}

/** Values that a template takes from the parameter store must be there. */
function checkStored(
  stacks: Stacks,
  region: string,
  { parameters }: TemplateOutline,
  values: Readonly<Record<string, string>>,
): void {
  const wanted = parameters.flatMap(({ name, type, default: fallback }) =>
    storedType(type) === undefined ? [] : [values[name] ?? fallback ?? ''],
  );
  const missing = wanted.filter((name) => stacks.storedValue({ region, deployed: undefined }, name) === undefined);
  if (missing.length > 0) throw refused(notInStore(missing));
}
