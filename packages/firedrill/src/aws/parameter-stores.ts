import type { Architecture, DeployedResource } from '../model/index.ts';
import type { WrittenParameter } from '../engine/index.ts';
import { ParameterStore } from '../engine/index.ts';
import { textOf } from './resources.ts';

const TYPE = 'AWS::SSM::Parameter';

/** The parameters of an account: those that templates declare, and what is written by hand. */
export class ParameterStores {
  private readonly stores = new Map<string, ParameterStore>();
  private readonly architecture: () => Architecture;
  private readonly epochMs: () => number;

  constructor(architecture: () => Architecture, epochMs: () => number) {
    this.architecture = architecture;
    this.epochMs = epochMs;
  }

  /** Those of a Region, as they are now. */
  in(region: string): ParameterStore {
    const store = this.stores.get(region) ?? new ParameterStore();
    this.stores.set(region, store);
    const declared = this.architecture().resources.filter((each) => each.type === TYPE && each.region === region);
    store.declare(declared.map(writtenBy), this.epochMs());
    return store;
  }
}

function writtenBy(resource: DeployedResource): WrittenParameter {
  const [type, description, tier] = [
    textOf(resource, 'Type'),
    textOf(resource, 'Description'),
    textOf(resource, 'Tier'),
  ];
  return {
    name: resource.physicalId,
    value: textOf(resource, 'Value') ?? '',
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(tier === undefined ? {} : { tier }),
  };
}
