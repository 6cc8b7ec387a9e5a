import type { DeployedResource, Ignore, Stack } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { Node } from './node.ts';
import type { StackContext } from './scope.ts';
import type { Teller } from './teller.ts';

/** What all stacks share while they are read one after the other. */
export interface Estate {
  readonly tell: Teller;
  readonly draft: Draft;
  readonly account: string;
  /** Some template could not be read, so what is missing may well be there; nothing is told about it. */
  readonly lenient: boolean;
  readonly stacks: Stack[];
  readonly resources: DeployedResource[];
  readonly ignores: Ignore[];
  /** SSM parameters by {@link ssmKey}. */
  readonly ssm: Map<string, string>;
  readonly exports: Map<string, Exported>;
  /** Outputs by stack, see {@link outputsKey}. */
  readonly outputs: Map<string, ReadonlyMap<string, Node>>;
}

interface Exported {
  readonly value: Node;
  readonly stack: string;
  readonly region: string;
}

/** Exports are known within one account and Region (RS 8.6). */
export function exportKey({ account, region }: Pick<StackContext, 'account' | 'region'>, name: string): string {
  return `${account} ${region} ${name}`;
}

export function outputsKey({ account, region }: Pick<StackContext, 'account' | 'region'>, stack: string): string {
  return `${account} ${region} ${stack}`;
}
