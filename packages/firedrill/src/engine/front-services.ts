import type { Instant } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';
import type { Accelerators } from './accelerators.ts';
import { acceleratorsOf } from './accelerators.ts';
import type { Performers } from './actions.ts';
import type { Arrival, Conversation, Exchange, Moment, Reply } from './conversation.ts';
import { functionUrlsOf } from './function-urls.ts';
import type { LoadBalancers } from './load-balancers.ts';
import { loadBalancersOf } from './load-balancers.ts';
import type { ObjectStores } from './object-stores.ts';
import { objectStoresOf } from './object-stores.ts';
import type { Parts } from './parts.ts';
import { serversOf } from './servers.ts';
import type { Background, Passage } from './world.ts';

/** Load balancers, accelerators, the servers behind them, function URLs, and object stores, come to life. */
export interface FrontServices {
  readonly balancers: LoadBalancers;
  readonly accelerators: Accelerators;
  readonly objects: Pick<ObjectStores, 'contentsOf' | 'refusalIn'>;
  readonly background: readonly Background[];
  /** A request at the address of one of them; undefined: it is none of theirs. */
  serve(arrival: Arrival, moment: Moment): Conversation<Reply> | undefined;
  passage(connection: Pick<Exchange, 'to' | 'port' | 'from'>, now: Instant): Passage | undefined;
  /** Who turns dials and weights, and who writes objects. */
  readonly performers: Pick<Performers, 'set-traffic-dial' | 'set-endpoint-weight'> & ObjectStores['performers'];
  /** Goes on with another estate. @returns what runs from now on. */
  deploy(now: Instant): readonly Background[];
  /** Says what stood in for servers that Firedrill does not run, and which buckets are empty. */
  remark(): void;
}

export function frontServices(parts: Parts): FrontServices {
  const balancers = loadBalancersOf(parts);
  const accelerators = acceleratorsOf(parts, balancers);
  let servers = serversOf(parts);
  let functionUrls = functionUrlsOf(parts);
  const stores = objectStoresOf(parts);
  return {
    balancers,
    accelerators,
    objects: stores,
    background: [...balancers.background, ...accelerators.background],
    serve(arrival, moment) {
      if (balancers.serves(arrival.to)) return balancers.serve(arrival, moment);
      if (functionUrls.serves(arrival.to)) return functionUrls.serve(arrival, moment);
      return servers.serves(arrival.to) ? servers.serve(arrival, moment) : stores.serve(arrival, moment);
    },
    deploy(now) {
      servers = serversOf(parts);
      functionUrls = functionUrlsOf(parts);
      stores.deploy(now);
      return [...balancers.deploy(), ...accelerators.deploy()];
    },
    passage: (connection, now) => accelerators.passage(connection, now) ?? balancers.passage(connection, now),
    performers: {
      ...stores.performers,
      'set-traffic-dial': (action, moment) => accelerators.setTrafficDial(action, moment),
      'set-endpoint-weight': (action, moment) => accelerators.setEndpointWeight(action, moment),
    },
    remark() {
      stores.remark();
      for (const says of servers.remarks) parts.timeline.record(BEGINNING, 0, 'note', { says });
    },
  };
}
