import type { FunctionUrl, HttpApiCors, HttpApiIntegration, Place } from '../model/index.ts';
import type { Placed } from './shape.ts';

/** What resources said about HTTP APIs and function URLs, before it is put together. */
export interface HttpApiDraft {
  readonly apis: DraftHttpApi[];
  readonly integrations: DraftHttpIntegration[];
  readonly routes: DraftHttpRoute[];
  readonly stages: DraftHttpStage[];
  readonly functionUrls: DraftFunctionUrl[];
}

export interface DraftHttpApi {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly cors: HttpApiCors | undefined;
  readonly disableExecuteApiEndpoint: boolean;
  readonly stack: string;
  readonly at: Place;
}

/** An integration that routes name by its id. */
interface DraftHttpIntegration {
  readonly id: string;
  readonly apiId: string;
  readonly integration: HttpApiIntegration;
}

interface DraftHttpRoute {
  readonly apiId: string;
  readonly routeKey: string;
  /** An integration of its own, or the id of one. */
  readonly target: HttpApiIntegration | Placed<string>;
  readonly at: Place;
}

interface DraftHttpStage {
  readonly apiId: string;
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly at: Place;
}

/** As the URL names its function. */
type DraftFunctionUrl = FunctionUrl & { readonly at: Place };

export function emptyHttpApiDraft(): HttpApiDraft {
  return { apis: [], integrations: [], routes: [], stages: [], functionUrls: [] };
}
