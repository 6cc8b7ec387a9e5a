import type { KeepAlive, Population, ResolverPreset } from '../model/index.ts';
import { RESOLVER_MIXES, RESOLVER_PRESETS } from '../engine/index.ts';
import type { DrillText } from './drill-schema.ts';
import { complain, type Reading } from './reading.ts';
import { remedyFor } from './suggestion.ts';

type ProbeText = DrillText['probes'][number];

/** Users of a probe that names resolvers and not how many there are. */
const CLIENTS_DEFAULT = 1000;

/** Shares may miss 1 by so much, as 0.333 three times does. */
const SHARES_TOLERANCE = 0.005;

/** The users of a probe, as far as it says anything of them. */
export function readPopulation(
  { clients, resolvers, keepAlive }: ProbeText,
  index: number,
  reading: Reading,
): { readonly population?: Population; readonly keepAlive?: KeepAlive } {
  const kept = keepAlive === undefined ? {} : { keepAlive: { idleMs: keepAlive.idle, lifetimeMs: keepAlive.lifetime } };
  if (clients === undefined && resolvers === undefined) return kept;
  const mix = readMix(resolvers ?? 'plain', index, reading);
  return { ...kept, population: { clients: clients ?? CLIENTS_DEFAULT, resolvers: mix } };
}

function readMix(
  written: string | Readonly<Record<string, number>>,
  index: number,
  reading: Reading,
): Population['resolvers'] {
  const path = ['probes', index, 'resolvers'];
  const presets = Object.keys(RESOLVER_PRESETS);
  if (typeof written === 'string') {
    if (isPreset(written)) return [{ preset: written, share: 1 }];
    const mix = Object.hasOwn(RESOLVER_MIXES, written) ? RESOLVER_MIXES[written] : undefined;
    if (mix !== undefined) return sharesOf(mix);
    const remedy = remedyFor(written, [...presets, ...Object.keys(RESOLVER_MIXES)], 'kind');
    complain(reading, path, { code: 'drill/resolvers', says: `There is no kind of resolver ${written}.`, remedy });
    return [];
  }
  for (const name of Object.keys(written)) {
    if (isPreset(name)) continue;
    const remedy = remedyFor(name, presets, 'kind');
    complain(reading, [...path, name], {
      code: 'drill/resolvers',
      says: `There is no kind of resolver ${name}.`,
      remedy,
    });
  }
  const sum = Object.values(written).reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > SHARES_TOLERANCE) {
    complain(reading, path, {
      code: 'drill/resolvers',
      says: `The shares of resolvers add up to ${Number(sum.toFixed(3))}, not to 1.`,
      remedy: 'Write the share of users behind each kind, so that they add up to 1.',
    });
  }
  return sharesOf(written);
}

function sharesOf(mix: Readonly<Record<string, number | undefined>>): Population['resolvers'] {
  return Object.entries(mix).flatMap(([preset, share]) =>
    isPreset(preset) && share !== undefined ? [{ preset, share }] : [],
  );
}

function isPreset(name: string): name is ResolverPreset {
  return Object.hasOwn(RESOLVER_PRESETS, name);
}
