import type { DeployedResource, Ignore, Stack } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { emptyDraft } from './draft.ts';
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

/** An estate in which nothing stands yet. */
export function emptyEstate(around: Pick<Estate, 'tell' | 'account' | 'lenient'>): Estate {
  return {
    ...around,
    draft: emptyDraft(),
    stacks: [],
    resources: [],
    ignores: [],
    ssm: new Map<string, string>(),
    exports: new Map(),
    outputs: new Map(),
  };
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

/** Stacks of one name may stand in several accounts and Regions. */
export function outputsKey({ account, region }: Pick<StackContext, 'account' | 'region'>, stack: string): string {
  return `${account} ${region} ${stack}`;
}
