import type { DesiredResource, Failure, ResourceChange, StackRecord } from '../../engine/index.ts';
import type { Birth, CodeLocation, TemplateOutline, TemplateSource } from '../../template/index.ts';

export interface StackTag {
  readonly key: string;
  readonly value: string;
}

/** What a stack is to become: what a request says, its parameters settled. */
export interface Target {
  /** The template as it came. */
  readonly template: string;
  readonly outline: TemplateOutline;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: readonly StackTag[];
  readonly capabilities: readonly string[];
  readonly roleArn?: string;
  readonly notificationArns: readonly string[];
  /** Templates of stacks nested in it, by their addresses. */
  readonly templates?: Readonly<Record<string, CodeLocation>>;
  /** Why one of them cannot be had. */
  readonly missingTemplates?: Readonly<Record<string, string>>;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A stack that was deployed, or is being deployed for the first time. */
export interface Deployed {
  readonly target: Target;
  readonly source: TemplateSource;
  /** As its template has them: what was changed by hand is not in it. */
  readonly resources: readonly DesiredResource[];
  readonly outputs: readonly StackOutput[];
}

/** An update that was left as it failed (RS 8.19b). */
export interface FailedUpdate {
  /** What stood before, which a rollback brings back. */
  readonly stable: Deployed;
  readonly births: StackEntry['births'];
  readonly changes: readonly ResourceChange[];
  readonly failure: Failure;
  /** Resources that the new template does not have, and that have not gone: logical ids of what is made by hand. */
  readonly leftovers: readonly string[];
}

/** A stack as the API knows it. A value: each change makes another. */
export interface StackEntry extends StackRecord {
  readonly region: string;
  /** Sets the identifiers of its resources apart from those of an earlier stack of its name. */
  readonly incarnation: string;
  readonly births: Readonly<Record<string, Birth>>;
  /** What stands; undefined before the first deployment has succeeded. */
  readonly deployed: Deployed | undefined;
  /** What was asked for last; of a stack under review nothing. */
  readonly target: Target | undefined;
  readonly createdMs: number;
  readonly updatedMs?: number;
  readonly deletedMs?: number;
  readonly isProtected: boolean;
  readonly rollbackDisabled: boolean;
  readonly timeoutInMinutes?: number;
  readonly policy?: string;
  /** The update that was left as it failed. */
  readonly failedUpdate?: FailedUpdate | undefined;
  /** Of a nested stack: the stack that it is in, and the outermost one. */
  readonly parentId?: string;
  readonly rootId?: string;
  /** The change set that was executed last. */
  readonly changeSetId?: string;
}
