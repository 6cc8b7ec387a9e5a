import { join } from 'node:path';
import type { OutsideClients } from '../live/index.ts';
import { openCertificateAuthority } from '../live/index.ts';
import type { AwsApi } from './aws-door.ts';
import { AWS_API_DOMAINS, AwsDoor } from './aws-door.ts';
import type { Controls } from './control-door.ts';
import { controlDoor } from './control-door.ts';
import { endpointDoor } from './endpoint-door.ts';
import { NamespaceDoor } from './namespace-door.ts';
import { ProxyDoor } from './proxy-door.ts';
import { TlsDoor } from './tls-door.ts';

export interface DoorOptions {
  readonly outside: Pick<OutsideClients, 'places' | 'wayTo' | 'addressesOf'>;
  readonly api: AwsApi;
  readonly controls: Controls;
  /** Whoever knows it may use the controls. */
  readonly token: string;
  /** Gets the CA of AWS's own names. */
  readonly stateDirectory: string;
  /** Of the door for programs in a network of their own. */
  readonly socketPath: string;
  /** 0: any that is free. */
  readonly endpointPort: number;
  readonly proxyPort: number;
}

/** Ports of the doors, all of 127.0.0.1. */
interface DoorPorts {
  readonly endpoint: number;
  readonly proxy: number;
  readonly tls: number;
  readonly control: number;
}

export interface Doors {
  readonly ports: DoorPorts;
  /** Certificate of the CA of AWS's names. The world's own names have another: theirs change with the estate. */
  readonly caFile: string;
  close(): void;
}

/**
 * Opens every door of a world.
 * @throws LiveError when a port is taken; none stays open then.
 */
export async function openDoors(options: DoorOptions): Promise<Doors> {
  const { outside, api, controls, token, stateDirectory } = options;
  const authority = await openCertificateAuthority({
    directory: join(stateDirectory, 'aws-ca'),
    domains: AWS_API_DOMAINS,
    name: 'Firedrill AWS APIs',
  });
  const aws = new AwsDoor(api, authority);
  const endpoint = endpointDoor(api);
  const proxyDoor = new ProxyDoor({ outside, aws });
  const tlsDoor = new TlsDoor({ outside, aws });
  const [proxy, tls] = [proxyDoor.listener, tlsDoor.listener];
  const namespace = new NamespaceDoor({
    outside,
    secure: (socket) => tlsDoor.accept(socket),
    plain: (socket) => proxyDoor.accept(socket),
  });
  const control = controlDoor(token, controls);
  const listeners = [endpoint, proxy, tls, control];
  const close = (): void => {
    for (const listener of listeners) listener.close();
    namespace.close();
    aws.close();
  };
  try {
    const ports = {
      endpoint: await endpoint.open(options.endpointPort),
      proxy: await proxy.open(options.proxyPort),
      tls: await tls.open(0),
      control: await control.open(0),
    };
    await namespace.open(options.socketPath);
    return { ports, caFile: authority.caFile, close };
  } catch (error) {
    close();
    throw error;
  }
}
