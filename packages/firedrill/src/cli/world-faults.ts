import type { Finding } from '../model/index.ts';
import { hasErrors } from '../model/index.ts';
import { stateDirectoryFor } from '../doors/index.ts';
import type { LocalWorld } from '../live/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UserError } from './user-error.ts';
import { askWorld, worldIn } from './world-client.ts';

/** What is to be done to the faults of a world that is up. */
type Order = { readonly break: string } | { readonly mend: readonly string[] };

/** What came of it. */
interface Ordered {
  readonly findings: readonly Finding[];
  /** Names of faults that have begun, or ended. */
  readonly names: readonly string[];
  /** Names of faults that are there now. */
  readonly there: readonly string[];
}

export interface FaultOptions {
  readonly state?: string;
  readonly json?: boolean;
}

/** `firedrill break`: something of the world that is up is broken from now on. */
export async function breakCommand(fault: string, options: FaultOptions): Promise<ExitCode> {
  const { names, there } = await order({ break: fault }, options);
  say(options, { broken: names, there }, `broken: ${names.join(', ')}`);
  return EXIT.asExpected;
}

/** `firedrill mend`: faults of the world that is up end. Safe to repeat. */
export async function mendCommand(names: readonly string[], options: FaultOptions): Promise<ExitCode> {
  const { names: mended, there } = await order({ mend: names }, options);
  const lines = [
    ...(mended.length === 0 ? [] : [`mended: ${mended.join(', ')}`]),
    ...(mended.length === 0 && there.length === 0 ? ['Nothing was broken.'] : []),
    ...(there.length === 0 ? [] : [`still broken: ${there.join(', ')}`]),
  ];
  say(options, { mended, there }, lines.join('\n'));
  return EXIT.asExpected;
}

function say({ json }: FaultOptions, data: object, text: string): void {
  process.stdout.write(`${json === true ? JSON.stringify(data) : text}\n`);
}

async function order(what: Order, { state }: FaultOptions): Promise<Ordered> {
  const world = worldIn(stateDirectoryFor(state, process.env));
  // The world is the same program.
  const ordered = (await askWorld(world, 'POST', '/faults', what)) as Ordered;
  if (hasErrors(ordered.findings)) throw new UserError(ordered.findings);
  return ordered;
}

/** The other end: does it to the world. */
export async function orderFaults(local: LocalWorld, given: unknown): Promise<Ordered> {
  const what = given as Order;
  const there = (): readonly string[] => local.world.control.faults(local.clock.now()).map(({ name }) => name);
  if ('mend' in what) {
    const wanted = what.mend.length === 0 ? there() : what.mend;
    return { findings: [], names: wanted.filter((name) => local.endFault(name)), there: there() };
  }
  // Most worlds are never broken, and all have to be up soon.
  const { readFaultNow } = await import('../drill/index.ts');
  const { value, findings } = readFaultNow(what.break);
  if (value === undefined) return { findings, names: [], there: there() };
  // The same once more is the same.
  if (!there().includes(value.name)) local.startFault(value);
  return { findings, names: [value.name], there: there() };
}
