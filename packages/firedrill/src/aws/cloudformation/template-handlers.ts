import type { Capability } from '@aws-sdk/client-cloudformation';
import { neededCapability } from '../../engine/index.ts';
import { processedTemplate } from '../../template/index.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import type { CloudFormationHandlers } from './handlers.ts';
import { outlined, templateText } from './requests.ts';

/** Operations that look at templates. */
export function templateHandlers(
  cloud: Cloud,
): Pick<CloudFormationHandlers, 'GetTemplate' | 'GetTemplateSummary' | 'ValidateTemplate'> {
  const { book } = cloud.stacks;
  return {
    GetTemplate(input, { region }) {
      const entry = book.need(region, input.StackName);
      const target = input.ChangeSetName === undefined ? (entry.target ?? entry.deployed?.target) : entry.target;
      const text = target?.template ?? '';
      const source = { file: entry.stackName, text, stack: entry.stackName, region, code: {} };
      const processed =
        input.TemplateStage === 'Processed' && target !== undefined
          ? processedTemplate({ ...source, parameters: target.parameters }, cloud.account).value
          : text;
      return { TemplateBody: processed ?? text, StagesAvailable: ['Original', 'Processed'] };
    },
    async GetTemplateSummary(input, call) {
      const outline = outlined(await summarizedText(cloud, input, call));
      const needed = neededCapability(outline.resources);
      return {
        Parameters: outline.parameters.map(({ name, type, default: value, noEcho, description }) => ({
          ParameterKey: name,
          DefaultValue: value,
          ParameterType: type,
          NoEcho: noEcho,
          Description: description,
          ParameterConstraints: {},
        })),
        Description: outline.description,
        ...capabilitiesView(
          needed,
          outline.resources.map(({ type }) => type),
        ),
        ResourceTypes: [...new Set(outline.resources.map(({ type }) => type))],
        Version: '2010-09-09',
        Metadata: outline.metadata,
        DeclaredTransforms: [...outline.transforms],
      };
    },
    async ValidateTemplate(input) {
      const outline = outlined(await templateText(input, cloud.world(), undefined));
      return {
        Parameters: outline.parameters.map(({ name, default: value, noEcho, description }) => ({
          ParameterKey: name,
          DefaultValue: value,
          NoEcho: noEcho,
          Description: description,
        })),
        Description: outline.description,
        ...capabilitiesView(neededCapability(outline.resources), []),
        DeclaredTransforms: [...outline.transforms],
      };
    },
  };
}

function capabilitiesView(
  needed: Capability | undefined,
  types: readonly string[],
): { readonly Capabilities?: Capability[]; readonly CapabilitiesReason?: string } {
  if (needed === undefined) return {};
  const iam = [...new Set(types.filter((type) => type.startsWith('AWS::IAM::')))];
  const reason = `The following resource(s) require capabilities: [${iam.join(', ')}]`;
  return { Capabilities: [needed], ...(iam.length === 0 ? {} : { CapabilitiesReason: reason }) };
}

async function summarizedText(
  cloud: Cloud,
  input: { readonly StackName?: string | undefined } & Parameters<typeof templateText>[0],
  { region }: Call,
): Promise<string> {
  if (input.StackName === undefined) return await templateText(input, cloud.world(), undefined);
  return cloud.stacks.book.need(region, input.StackName).target?.template ?? '';
}
