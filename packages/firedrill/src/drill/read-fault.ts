import { CITIES, type Fault, type FaultEffect, type FaultTarget, atSeconds, NEVER } from '../model/index.ts';
import { CHECKER_REGIONS } from '../engine/index.ts';
import type { FaultText } from './drill-schema.ts';
import { complain, type Reading } from './reading.ts';
import { remedyFor } from './suggestion.ts';

/** A fault of a drill file; undefined when it has not exactly one target and one effect. */
export function readFault(fault: FaultText, index: number, reading: Reading): Fault | undefined {
  const target = readTarget(fault, index, reading);
  const effect = readEffect(fault, index, reading);
  if (target === undefined || effect === undefined) return undefined;
  if (!checkTogether(fault, target, effect, index, reading)) return undefined;
  return {
    name: fault.name,
    target,
    effect,
    from: atSeconds(fault.from / 1000),
    until: fault.until === undefined ? NEVER : atSeconds(fault.until / 1000),
    share: fault.share,
    ...(fault.path === undefined ? {} : { pathPrefix: fault.path }),
    ...(fault.exceptPath === undefined ? {} : { exceptPathPrefix: fault.exceptPath }),
    place: reading.document.placeOf(['faults', index]),
  };
}

const TARGETS = ['region', 'host', 'edge', 'dnsLocation', 'keyValueStore', 'controlPlane', 'dnsName'] as const;
const EFFECTS = ['effect', 'status', 'slow', 'unheard', 'dns'] as const;

function readTarget(fault: FaultText, index: number, reading: Reading): FaultTarget | undefined {
  const named = TARGETS.filter((key) => fault[key] !== undefined);
  if (named.length !== 1) {
    complain(reading, ['faults', index], {
      says:
        named.length === 0
          ? `Fault ${fault.name} has no target.`
          : `Fault ${fault.name} has ${named.length} targets: ${named.join(', ')}.`,
      remedy:
        'Give exactly one of region (with or without service), host, edge, dnsLocation, keyValueStore, controlPlane and dnsName; write two faults for two targets.',
    });
    return undefined;
  }
  if (fault.service !== undefined && fault.region === undefined) {
    complain(reading, ['faults', index, 'service'], {
      says: `Fault ${fault.name} names a service but no Region.`,
      remedy: 'Add region, as eu-west-1; services fail by Region.',
    });
    return undefined;
  }
  if (fault.host !== undefined) return { kind: 'host', host: fault.host.toLowerCase() };
  if (fault.dnsName !== undefined) return { kind: 'name', name: fault.dnsName.toLowerCase().replace(/\.$/, '') };
  if (fault.edge !== undefined)
    return isEdge(fault.edge, ['faults', index, 'edge'], reading) ? { kind: 'edge', edge: fault.edge } : undefined;
  if (fault.dnsLocation !== undefined) {
    const isKnown = isEdge(fault.dnsLocation, ['faults', index, 'dnsLocation'], reading);
    return isKnown ? { kind: 'dns-location', edge: fault.dnsLocation } : undefined;
  }
  if (fault.keyValueStore !== undefined) return { kind: 'key-value-store', store: fault.keyValueStore };
  if (fault.controlPlane !== undefined) return { kind: 'control-plane', controlPlane: fault.controlPlane };
  const region = fault.region ?? '';
  return fault.service === undefined ? { kind: 'region', region } : { kind: 'service', region, service: fault.service };
}

function isEdge(edge: string, path: readonly (string | number)[], reading: Reading): boolean {
  const codes = Object.values(CITIES).map((city) => city.edge);
  if (codes.includes(edge)) return true;
  complain(reading, path, {
    code: 'drill/unknown-target',
    says: `There is no edge location ${edge}.`,
    remedy: remedyFor(CITIES[edge]?.edge ?? edge, codes, 'edge location'),
  });
  return false;
}

function readEffect(fault: FaultText, index: number, reading: Reading): FaultEffect | undefined {
  const named = EFFECTS.filter((key) => fault[key] !== undefined);
  if (named.length !== 1) {
    complain(reading, ['faults', index], {
      says:
        named.length === 0
          ? `Fault ${fault.name} has no effect.`
          : `Fault ${fault.name} has ${named.length} effects: ${named.join(', ')}.`,
      remedy:
        'Give exactly one of status: 503, slow: 2s, unheard: [us-east-1], dns: SERVFAIL, and effect: refuse, blackhole, hang, reset, tls, function-error, throttle or unreadable.',
    });
    return undefined;
  }
  if (fault.status !== undefined) return { kind: 'status', status: fault.status };
  if (fault.slow !== undefined) return { kind: 'slow', delayMs: fault.slow };
  if (fault.dns !== undefined) return { kind: 'dns', answer: fault.dns };
  if (fault.unheard !== undefined) return readUnheard(fault.unheard, index, reading);
  return fault.effect === undefined ? undefined : { kind: fault.effect };
}

/** Checkers are in eight Regions (R53 HC-20). */
function readUnheard(regions: readonly string[], index: number, reading: Reading): FaultEffect | undefined {
  const unknown = regions.find((region) => !CHECKER_REGIONS.includes(region));
  if (unknown === undefined) return { kind: 'unheard', regions };
  complain(reading, ['faults', index, 'unheard'], {
    code: 'drill/unknown-target',
    says: `There are no health checkers in ${unknown}.`,
    remedy: remedyFor(unknown, CHECKER_REGIONS, 'checker Region'),
  });
  return undefined;
}

/** Whether the effect can befall the target; complains when it cannot. */
function checkTogether(
  fault: FaultText,
  target: FaultTarget,
  effect: FaultEffect,
  index: number,
  reading: Reading,
): boolean {
  const isFunctionEffect = effect.kind === 'function-error' || effect.kind === 'throttle';
  if ((effect.kind === 'dns') !== (target.kind === 'name')) {
    complain(reading, ['faults', index], {
      says: `Fault ${fault.name}: ${effect.kind === 'dns' ? 'dns needs dnsName as its target' : 'a DNS name can only suffer dns'}.`,
      remedy: 'Pair dnsName with dns: SERVFAIL, NXDOMAIN or timeout; use host for what answers to a name.',
    });
    return false;
  }
  if ((effect.kind === 'unheard') !== (target.kind === 'dns-location')) {
    complain(reading, ['faults', index], {
      says: `Fault ${fault.name}: dnsLocation and unheard belong together.`,
      remedy: 'Write dnsLocation: DUB and unheard: [us-east-1, us-west-1], or neither.',
    });
    return false;
  }
  if ((effect.kind === 'unreadable') !== (target.kind === 'key-value-store')) {
    complain(reading, ['faults', index], {
      says: `Fault ${fault.name}: keyValueStore and unreadable belong together.`,
      remedy: 'Write keyValueStore: NAME and effect: unreadable, or neither.',
    });
    return false;
  }
  if (target.kind === 'control-plane') return isOfAnApi(fault, effect, index, reading);
  const hasFunctions = target.kind === 'region' || (target.kind === 'service' && target.service === 'lambda');
  if (isFunctionEffect && !hasFunctions) {
    complain(reading, ['faults', index], {
      says: `Fault ${fault.name}: ${effect.kind} befalls functions, and its target has none.`,
      remedy: 'Give region, with service: lambda or without a service.',
    });
    return false;
  }
  return true;
}

/** A control plane is called by operators: it fails in their calls, whatever the path, and can throttle them. */
function isOfAnApi(fault: FaultText, effect: FaultEffect, index: number, reading: Reading): boolean {
  if (effect.kind !== 'function-error' && effect.kind !== 'slow') return true;
  complain(reading, ['faults', index], {
    says: `Fault ${fault.name}: ${effect.kind} does nothing to a control plane.`,
    remedy: 'Give status: 503, or effect: refuse, blackhole, hang, reset, tls or throttle.',
  });
  return false;
}
