import { unqualifiedFunctionArn } from '../model/index.ts';
import type { LambdaFunction } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { get, placeBelow } from './node.ts';
import type { ResourceInput } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/**
 * A version has a number of its own for ever: the one that it was published under, or the next one of its function (RS 4.37). Another
 * description makes it another version.
 */
export function readVersion(input: ResourceInput, draft: Draft): Identity {
  const functionArn = functionArnOf(input);
  const description = textProperty(input, 'Description') ?? '';
  const { published } = input.source;
  const known = published?.versions[input.logicalId];
  const isKnown = known?.functionArn === functionArn && known.description === description;
  let number = isKnown ? known.number : (published?.last[functionArn] ?? 0) + 1;
  while (!isKnown && draft.functionVersions.has(`${functionArn}:${number}`)) number += 1;
  const arn = `${functionArn}:${number}`;
  draft.functionVersions.add(arn);
  return identity(arn, { FunctionArn: arn, Version: String(number) });
}

/** An alias with weights would split traffic; the whole of it goes to one version. */
export function readAlias(input: ResourceInput, draft: Draft): Identity {
  const functionArn = functionArnOf(input);
  const arn = `${functionArn}:${textProperty(input, 'Name') ?? 'alias'}`;
  const version = textProperty(input, 'FunctionVersion') ?? '$LATEST';
  draft.functionAliases.set(arn, version === '$LATEST' ? functionArn : `${functionArn}:${version}`);
  const routing = get(input.properties, 'RoutingConfig');
  if (routing !== undefined) {
    const at = placeBelow(routing.at, 'RoutingConfig');
    const says = 'Firedrill does not split traffic between versions; all goes to one.';
    input.tell.warning('template/not-acted-on', at, says);
  }
  return identity(arn, { AliasArn: arn });
}

/**
 * Adds the versions to the functions: as they were published, or, those that are new, as their function is now (RS 4.37). An alias of
 * a version that is in no template stands for its function.
 * @param published versions that there are, by ARN.
 */
export function publishVersions(draft: Draft, published: ReadonlyMap<string, LambdaFunction>): void {
  const latest = new Map(draft.functions.map((fn) => [fn.arn, fn]));
  for (const arn of draft.functionVersions) {
    const functionArn = unqualifiedFunctionArn(arn);
    const fn = latest.get(functionArn);
    if (fn !== undefined) draft.functions.push({ ...(published.get(arn) ?? fn), ...ofTheFunction(fn), arn });
    else if (draft.functionsLeftOut.has(functionArn)) draft.functionsLeftOut.add(arn);
  }
  for (const [alias, target] of draft.functionAliases)
    if (!draft.functionVersions.has(target)) draft.functionAliases.set(alias, unqualifiedFunctionArn(target));
}

/** What all versions of a function have in common, and what changes with it. */
function ofTheFunction({
  reservedConcurrency,
  place,
}: LambdaFunction): Pick<LambdaFunction, 'reservedConcurrency' | 'place'> {
  return {
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    ...(place === undefined ? {} : { place }),
  };
}

function functionArnOf(input: ResourceInput): string {
  const named = textProperty(input, 'FunctionName') ?? '';
  return named.startsWith('arn:') ? named : arnOf(input, 'lambda', `function:${named}`);
}
