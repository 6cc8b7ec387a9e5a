import type { Architecture, BucketDeployment, Read, StoredObject } from '../model/index.ts';
import type { Aws } from '../aws/index.ts';
import { createAws, Credentials, openCloud } from '../aws/index.ts';
import { WORLD_KEY } from '../doors/index.ts';
import type { LocalWorld } from '../live/index.ts';
import { flawsOf } from '../sandbox/index.ts';
import type { TemplateSource } from '../template/index.ts';
import { DEFAULT_ACCOUNT } from '../template/index.ts';
import { withHandlerModules } from './handler-modules.ts';
import type { LateSandbox } from './late-sandbox.ts';
import { deployedObjects } from './object-files.ts';
import { needsSandbox } from './sandbox-for.ts';

export interface ApiOptions {
  readonly local: LocalWorld;
  readonly sandbox: LateSandbox;
  readonly regions: readonly string[];
  readonly zones: Readonly<Record<string, string>>;
  /** What stands from the beginning, and is no stack of the APIs'. */
  readonly standing: readonly TemplateSource[];
  readonly strictAuth: boolean;
  readonly stateDirectory: string;
  /** Is told of our own mistakes, which clients see as 500. */
  readonly onMistake: (error: unknown) => void;
}

/** The APIs of AWS over a world that is up. */
export function openApis(options: ApiOptions): Aws {
  const { local, sandbox, regions, zones, standing, strictAuth, stateDirectory, onMistake } = options;
  const cloud = openCloud({
    stage: {
      world: local.world,
      now: () => local.clock.now(),
      epochMs: () => local.epochMs(),
      perform: (action) => local.perform(action),
      callFunction: async (fn, payload) => await local.callFunction(fn, payload),
      replace: async (architecture) => {
        if (needsSandbox(architecture)) await sandbox.load();
        await local.replace(architecture);
      },
    },
    account: DEFAULT_ACCOUNT,
    regions,
    zones,
    standing,
    credentials: new Credentials([
      { ...WORLD_KEY, arn: `arn:aws:iam::${DEFAULT_ACCOUNT}:user/firedrill`, userId: 'AIDAFIREDRILLWORLD00' },
    ]),
    stateDirectory,
    finish: finished,
    objectsOf: (deployment) => objectsOf(deployment),
    onBug: onMistake,
  });
  const apis = createAws({ cloud, strictAuth, onMistake });
  local.serveApi(async (call, body) => await apis.answerWithin(call, body));
  return apis;
}

/** An architecture with the code of its functions at hand, and what is wrong with that. */
export function finished(architecture: Architecture): Read<Architecture> {
  return { value: withHandlerModules(architecture), findings: flawsOf(architecture) };
}

function objectsOf(deployment: BucketDeployment): Readonly<Record<string, StoredObject>> {
  return deployedObjects([deployment])[deployment.bucket] ?? {};
}
