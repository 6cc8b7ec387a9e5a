import { setTimeout as pause } from 'node:timers/promises';
import type { Cloud } from './cloud.ts';
import { openProtocol } from './protocols.ts';
import type { ServiceModel } from './protocol/service-model.ts';
import { readServiceModel } from './protocol/service-model.ts';
import type { WireProtocol } from './protocol/wire-protocol.ts';
import type { Recognised } from './recognise.ts';
import type { AnyHandlers, ProtocolName, Service } from './services.ts';
import { SERVICES } from './services.ts';

/** A service with the protocol of a request. */
export interface OpenService {
  readonly protocol: WireProtocol;
  readonly handlers: AnyHandlers;
}

interface Opened {
  readonly model: ServiceModel;
  readonly handlers: AnyHandlers;
  readonly protocols: Map<ProtocolName, WireProtocol>;
}

const EMPTY: ServiceModel = { namespace: '', operations: new Map(), errors: new Map() };

/** What deploying tools begin with. */
const FIRST_ASKED = ['sts', 'cloudformation', 's3', 'ssm'];

/** Between two of those, so that a request that has come meanwhile is answered first. */
const REST_MS = 50;

/** Loads services when they are first asked for, each once. */
export class OpenServices {
  private readonly cloud: Cloud;
  private readonly opened = new Map<Service, Promise<Opened>>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** The service of a request; for one that the world does not have, its protocol without operations. */
  async open({ service, protocol }: Recognised): Promise<OpenService> {
    if (service === undefined) {
      return { protocol: openProtocol(protocol, { name: '', xmlNamespace: '' }, EMPTY), handlers: {} };
    }
    const { model, handlers, protocols } = await this.loaded(service);
    const open = protocols.get(protocol) ?? openProtocol(protocol, service, model);
    protocols.set(protocol, open);
    return { protocol: open, handlers };
  }

  /** Loads, one after the other, what deploying tools ask for first: each keeps whoever waits for it for a tenth of a second. */
  async prepare(): Promise<void> {
    for (const service of SERVICES.filter(({ name }) => FIRST_ASKED.includes(name))) {
      await pause(REST_MS, undefined, { ref: false });
      await this.loaded(service);
    }
  }

  private async loaded(service: Service): Promise<Opened> {
    const loading = this.opened.get(service) ?? this.load(service);
    this.opened.set(service, loading);
    return await loading;
  }

  private async load(service: Service): Promise<Opened> {
    const { client, handlers } = await service.load(this.cloud);
    return { model: readServiceModel(client), handlers, protocols: new Map() };
  }
}
