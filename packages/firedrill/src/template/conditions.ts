import type { Place } from '../model/index.ts';
import { evaluateCondition } from './intrinsic-conditions.ts';
import type { MapNode } from './node.ts';
import { circleInWords } from './order.ts';
import { nearestRemedy } from './references.ts';
import type { Scope } from './scope.ts';

/**
 * The conditions of a template, each evaluated once (RS 8.13). They refer to each other by name, so each is
 * evaluated when it is first asked for. Asking for one that is not declared is told, and gives undefined.
 */
export class Conditions {
  readonly #section: MapNode;
  readonly #truths = new Map<string, boolean | undefined>();
  readonly #open: string[] = [];

  constructor(section: MapNode) {
    this.#section = section;
  }

  /** The truth of a condition; undefined when it could not be told. */
  truth(name: string, at: Place, scope: Scope): boolean | undefined {
    if (this.#truths.has(name)) return this.#truths.get(name);
    const declaration = this.#section.entries.get(name);
    if (declaration === undefined) {
      scope.tell.error('template/unresolved-reference', at, `There is no condition ${name}.`, {
        remedy: nearestRemedy(name, this.#section.entries.keys()),
        facts: ['RS 8.15'],
      });
      return undefined;
    }
    if (this.#open.includes(name)) {
      const circle = this.#open.slice(this.#open.indexOf(name));
      const says = `Conditions refer to each other in a circle: ${circleInWords(circle)}.`;
      scope.tell.error('template/circular', declaration.keyAt, says);
      return undefined;
    }
    this.#open.push(name);
    const truth = evaluateCondition(declaration.value, scope);
    this.#open.pop();
    this.#truths.set(name, truth);
    return truth;
  }
}
