import type { Place } from '../model/index.ts';
import { evaluateText, itemsOf } from './arguments.ts';
import type { Node } from './node.ts';
import { get, isScalar, kindInWords, list, text, unknown } from './node.ts';
import type { Identity, Intrinsic, Scope } from './scope.ts';
import { splitAttribute } from './short-tags.ts';

/** Intrinsics that refer to something with a name. */
export const REFERENCE_INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', ref],
  ['Fn::GetAtt', getAttribute],
  ['Fn::ImportValue', importValue],
  ['Fn::GetStackOutput', getStackOutput],
]);

/** Pseudo parameters (RS 8.11); `AWS::NoValue` is not among them, for it has no value. */
export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

function ref(argument: Node, at: Place, scope: Scope): Node | undefined {
  if (isScalar(argument)) return valueOf(argument.text, at, scope);
  // With the language extensions the name may be computed.
  if (scope.extensions && argument.kind === 'map') {
    const name = evaluateText(argument, 'The name that Ref takes', scope);
    return name === undefined ? unknown(at) : valueOf(name, at, scope);
  }
  if (argument.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', argument.at, `Ref takes a name; this is ${kindInWords(argument)}.`);
  }
  return unknown(at);
}

function getAttribute(argument: Node, at: Place, scope: Scope): Node {
  const parts = itemsOf(splitAttribute(argument), { least: 2, most: 2 }, 'Fn::GetAtt', scope);
  const [nameNode, attributeNode] = parts ?? [];
  if (nameNode === undefined || attributeNode === undefined) return unknown(at);
  const name = evaluateText(nameNode, 'The resource that Fn::GetAtt names', scope);
  const attribute = evaluateText(attributeNode, 'The attribute that Fn::GetAtt names', scope);
  return name === undefined || attribute === undefined ? unknown(at) : attributeOf({ name, attribute }, at, scope);
}

/** What `${name}` in `Fn::Sub` stands for: a parameter, a resource, or with a dot an attribute (RS 8.3). */
export function referenceByName(name: string, at: Place, scope: Scope): Node | undefined {
  const dot = name.indexOf('.');
  if (dot < 0) return valueOf(name, at, scope) ?? unknown(at);
  return attributeOf({ name: name.slice(0, dot), attribute: name.slice(dot + 1) }, at, scope);
}

/** The value of Ref for a name; undefined is `AWS::NoValue`. */
function valueOf(name: string, at: Place, scope: Scope): Node | undefined {
  if (name === 'AWS::NoValue') return undefined;
  if (name.startsWith('AWS::')) return pseudoParameter(name, at, scope);
  const parameter = scope.parameters.get(name);
  if (parameter !== undefined) return { ...parameter, at };
  const identity = identityOf(name, at, scope);
  return identity === undefined ? unknown(at) : text(identity.ref, at);
}

function pseudoParameter(name: string, at: Place, scope: Scope): Node {
  const { context } = scope;
  switch (name) {
    case 'AWS::AccountId':
      return text(context.account, at);
    case 'AWS::NotificationARNs':
      return list([], at);
    case 'AWS::Partition':
      return text(context.partition, at);
    case 'AWS::Region':
      scope.needRegion(at, 'AWS::Region');
      return text(context.region, at);
    case 'AWS::StackId':
      scope.needRegion(at, 'AWS::StackId');
      return text(stackIdOf(context), at);
    case 'AWS::StackName':
      return text(context.name, at);
    case 'AWS::URLSuffix':
      return text(context.urlSuffix, at);
    default:
      scope.tell.error('template/unresolved-reference', at, `There is no pseudo parameter ${name}.`, {
        remedy: `They are ${[...PSEUDO_PARAMETERS].join(', ')}.`,
        facts: ['RS 8.11'],
      });
      return unknown(at);
  }
}

function stackIdOf({ partition, region, account, name }: Scope['context']): string {
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/00000000-0000-0000-0000-000000000000`;
}

function attributeOf(of: { readonly name: string; readonly attribute: string }, at: Place, scope: Scope): Node {
  const identity = identityOf(of.name, at, scope);
  if (identity === undefined) return unknown(at);
  const value = identity.attributes.get(of.attribute);
  if (typeof value === 'string') return text(value, at);
  if (value !== undefined)
    return list(
      value.map((item) => text(item, at)),
      at,
    );
  if (identity.open) return text(`${identity.ref}-${of.attribute}`, at);
  scope.tell.error('template/unresolved-reference', at, `${of.name} has no attribute ${of.attribute}.`, {
    remedy: `It has ${[...identity.attributes.keys()].join(', ') || 'none'}.`,
  });
  return unknown(at);
}

/** Absent names have been told before anything is evaluated (see references.ts); here they are unknown. */
function identityOf(name: string, at: Place, scope: Scope): Identity | undefined {
  const referent = scope.resource(name);
  switch (referent.kind) {
    case 'created':
      return referent.identity;
    case 'left-out':
      scope.tell.error('template/unresolved-reference', at, `${name} is not created: ${referent.condition} is false.`, {
        remedy: 'Refer to it inside Fn::If with the same condition, or give the referring resource that condition.',
        facts: ['RS 8.13'],
      });
      return undefined;
    case 'absent':
    case 'unknown':
      return undefined;
  }
}

function importValue(argument: Node, at: Place, scope: Scope): Node {
  const name = evaluateText(argument, 'The name that Fn::ImportValue takes', scope);
  return name === undefined ? unknown(at) : scope.imported(name, at);
}

function getStackOutput(argument: Node, at: Place, scope: Scope): Node {
  const field = (key: string): string | undefined => {
    const node = get(argument, key);
    return node === undefined ? undefined : evaluateText(node, `${key} of Fn::GetStackOutput`, scope);
  };
  const [stack, output] = [field('StackName'), field('OutputName')];
  if (stack !== undefined && output !== undefined) {
    return scope.stackOutput({ stack, output, region: field('Region') }, at);
  }
  if (get(argument, 'StackName') === undefined || get(argument, 'OutputName') === undefined) {
    scope.tell.error('template/intrinsic', at, 'Fn::GetStackOutput takes StackName and OutputName.', {
      facts: ['RS 8.7'],
    });
  }
  return unknown(at);
}
