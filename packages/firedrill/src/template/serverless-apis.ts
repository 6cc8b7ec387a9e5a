import type { Place } from '../model/index.ts';
import type { ServerlessResource } from './serverless-stack.ts';
import { textOf } from './serverless-stack.ts';
import { get } from './node.ts';
import type { Written } from './written-node.ts';

/** One method of a path, as events of functions ask for it. */
export interface ServerlessRoute {
  readonly path: string;
  /** As OpenAPI writes it; `x-amazon-apigateway-any-method` for any. */
  readonly method: string;
  readonly integration: Written;
  /** Condition of the function: without it the route is not there. */
  readonly condition: string | undefined;
  readonly at: Place;
}

/** An API of the template, or one that its functions imply, with what their events ask of it. */
export interface ServerlessApi {
  readonly kind: 'rest' | 'http';
  readonly resource: ServerlessResource;
  /** Made for events that name no API (RS 8.31, 8.32). */
  readonly isImplicit: boolean;
  /** Functions' conditions, undefined where one has none (RS 8.39). */
  readonly conditions: (string | undefined)[];
  readonly routes: ServerlessRoute[];
}

/** All of a template, by logical id. */
export interface ServerlessApis {
  /** The API that an event belongs to; undefined: none of SAM's. Makes the implicit one when it is first asked for. */
  find(kind: ServerlessApi['kind'], logicalId: string | undefined, at: Place): ServerlessApi | undefined;
}

/** Whether SAM writes the paths of an API: without a definition of its own they are what events ask for. */
export function isManaged({ resource, isImplicit }: ServerlessApi): boolean {
  const { properties } = resource;
  return isImplicit || (!properties.entries.has('DefinitionBody') && !properties.entries.has('DefinitionUri'));
}

/** Name of a stage as it is written; undefined when something is to be evaluated first. */
export function stageNameOf({ kind, resource, isImplicit }: ServerlessApi): string | undefined {
  const written = get(resource.properties, 'StageName');
  if (written !== undefined) return textOf(written);
  return kind === 'http' ? '$default' : isImplicit ? IMPLICIT_STAGE : undefined;
}

/** Of a REST API that functions imply (RS 8.31). */
export const IMPLICIT_STAGE = 'Prod';

export const IMPLICIT_API = { rest: 'ServerlessRestApi', http: 'ServerlessHttpApi' } as const;
