import type { LambdaFunction, Plan } from '../model/index.ts';
import { modelOf } from '../model/index.ts';
import type { Invocation, Invoke, PureHandlers } from '../engine/index.ts';

/** What an invocation comes to, and how long it takes. */
export interface ModelledInvocation {
  readonly invocation: Invocation;
  readonly latencyUs: number;
}

/** Functions by their declared models; at the edge the code of those runs that need no process. */
export class ModelledFunctions {
  private readonly pure: PureHandlers;
  private readonly models: Plan['functionModels'];
  private readonly ready = new Map<LambdaFunction, ModelledInvocation>();
  /** What ran latest; often it runs again. */
  private latest: { readonly function: LambdaFunction; readonly answer: ModelledInvocation } | undefined;

  constructor(plan: Plan, pure: PureHandlers) {
    this.models = plan.functionModels;
    this.pure = pure;
  }

  invoke(need: Invoke): ModelledInvocation {
    const answer = this.answerOf(need.function);
    const timeoutUs = need.timeoutMs * 1000;
    const invocation = need.replica === undefined ? undefined : this.pure.run(need);
    if (invocation !== undefined && answer.latencyUs <= timeoutUs) {
      const isLate = invocation.kind === 'failed' && invocation.errorType === 'Sandbox.Timedout';
      return { invocation, latencyUs: isLate ? timeoutUs : answer.latencyUs };
    }
    if (answer.latencyUs <= timeoutUs) {
      if (need.standIn === undefined) return answer;
      return { invocation: { kind: 'returned', payload: need.standIn() }, latencyUs: answer.latencyUs };
    }
    const errorMessage = `Error: Task timed out after ${(need.timeoutMs / 1000).toFixed(2)} seconds`;
    return { invocation: { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage }, latencyUs: timeoutUs };
  }

  private answerOf(fn: LambdaFunction): ModelledInvocation {
    if (this.latest?.function === fn) return this.latest.answer;
    const answer = this.ready.get(fn) ?? this.prepare(fn);
    this.latest = { function: fn, answer };
    return answer;
  }

  private prepare(fn: LambdaFunction): ModelledInvocation {
    const model = modelOf(fn, this.models);
    const payload = {
      statusCode: model.status,
      headers: { 'Content-Type': 'application/json' },
      body: model.body ?? 'x'.repeat(model.bodyBytes),
    };
    const answer: ModelledInvocation = {
      invocation: { kind: 'returned', payload },
      latencyUs: Math.round(model.latencyMs * 1000),
    };
    this.ready.set(fn, answer);
    return answer;
  }
}
