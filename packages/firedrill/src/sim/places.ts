import type { Vantage, World } from '../engine/index.ts';
import { Place } from './place.ts';

/** All endpoints of a world, by address. */
export class Places {
  private readonly places = new Map<string, Place>();
  /** By the index of the asker's vantage: where it asked latest; often it asks there again. */
  private readonly latest: (Place | undefined)[];

  constructor(world: World) {
    this.latest = world.vantages.map(() => undefined);
    for (const endpoint of world.endpoints) this.places.set(endpoint.address, new Place(world, endpoint));
  }

  at(address: string): Place | undefined {
    return this.places.get(address);
  }

  askedFrom({ index }: Vantage, address: string): Place | undefined {
    const latest = this.latest[index];
    if (latest?.address === address) return latest;
    const place = this.places.get(address);
    this.latest[index] = place;
    return place;
  }
}
