import type { Architecture, IpBlock, Plan } from '../model/index.ts';
import { blockCovers, parseIpBlock } from '../model/index.ts';
import type { Question, Vantage } from './conversation.ts';
import type { Asker, AskersPlace } from './route53/asker.ts';
import { placeOf, placeOfCity } from './route53/asker.ts';
import type { Layout } from './vantages.ts';

/** A network that the plan puts into a city. */
interface Network {
  readonly block: IpBlock;
  readonly text: string;
  readonly city: string;
}

const NO_BLOCKS: readonly IpBlock[] = [];

/**
 * Tells where a question comes from: by the client subnet that a resolver sends, else by the resolver's own address (R53 RP-16).
 * A network that nobody has put anywhere is taken to be where its resolver is.
 */
export function askersOf(
  { cidrCollections }: Architecture,
  plan: Plan,
  layout: Layout,
): (question: Question, asker: Vantage) => Asker {
  const places = new Map<Vantage, AskersPlace>();
  const networks = networksOf(plan);
  const blocks = new Map(
    cidrCollections.flatMap(({ id, locations }) =>
      locations.map(({ name, blocks: written }): [string, readonly IpBlock[]] => [`${id} ${name}`, parsed(written)]),
    ),
  );
  const locations: Asker['locations'] = (collectionId, name) => blocks.get(`${collectionId} ${name}`) ?? NO_BLOCKS;
  const placeAt = (vantage: Vantage): AskersPlace => {
    const known = places.get(vantage) ?? placeOf(vantage);
    places.set(vantage, known);
    return known;
  };
  return ({ clientSubnet }, asker) => {
    if (clientSubnet === undefined || clientSubnet.prefixLength === 0) {
      const own = networks.find(({ city }) => asker.name === `city:${city}`);
      return {
        place: placeAt(asker),
        network: own === undefined ? asker.address : firstAddressOf(own.text),
        locations,
      };
    }
    const network = `${clientSubnet.address}/${clientSubnet.prefixLength}`;
    const block = parseIpBlock(network);
    const declared = block === undefined ? undefined : networks.find((each) => blockCovers(each.block, block));
    if (declared !== undefined) return { place: placeOfCity(declared.city) ?? placeAt(asker), network, locations };
    return { place: placeAt(byAddress(layout, clientSubnet.address) ?? asker), network, locations };
  };
}

/** The longest comes first, so that the first that covers is the right one. */
function networksOf({ networks = {} }: Plan): readonly Network[] {
  return Object.entries(networks)
    .flatMap(([text, city]): Network[] => {
      const block = parseIpBlock(text);
      return block === undefined ? [] : [{ block, text, city }];
    })
    .toSorted((a, b) => b.block.prefixLength - a.block.prefixLength);
}

function parsed(written: readonly string[]): readonly IpBlock[] {
  return written.map(parseIpBlock).filter((block) => block !== undefined);
}

function firstAddressOf(network: string): string {
  return network.slice(0, network.indexOf('/') < 0 ? undefined : network.indexOf('/'));
}

/** Inside the world everybody has an address of its own. */
function byAddress({ vantages }: Layout, address: string): Vantage | undefined {
  return vantages.find((vantage) => vantage.address === address);
}
