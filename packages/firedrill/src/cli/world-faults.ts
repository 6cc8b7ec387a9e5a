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
}

/** `firedrill break`: something of the world that is up is broken from now on. */
export async function breakCommand(fault: string, options: { readonly state?: string }): Promise<ExitCode> {
  const { names } = await order({ break: fault }, options);
  process.stdout.write(`broken: ${names.join(', ')}\n`);
  return EXIT.asExpected;
}

/** `firedrill mend`: faults of the world that is up end. Safe to repeat. */
export async function mendCommand(names: readonly string[], options: { readonly state?: string }): Promise<ExitCode> {
  const { names: mended } = await order({ mend: names }, options);
  process.stdout.write(mended.length === 0 ? 'Nothing was broken.\n' : `mended: ${mended.join(', ')}\n`);
  return EXIT.asExpected;
}

async function order(what: Order, { state }: { readonly state?: string }): Promise<Ordered> {
  const world = worldIn(stateDirectoryFor(state, process.env));
  // The world is the same program.
  const ordered = (await askWorld(world, 'POST', '/faults', what)) as Ordered;
  if (hasErrors(ordered.findings)) throw new UserError(ordered.findings);
  return ordered;
}

/** The other end: does it to the world. */
export async function orderFaults(local: LocalWorld, given: unknown): Promise<Ordered> {
  const what = given as Order;
  const faults = local.world.control.faults(local.clock.now());
  if ('mend' in what) {
    const wanted = what.mend.length === 0 ? faults.map(({ name }) => name) : what.mend;
    return { findings: [], names: wanted.filter((name) => local.endFault(name)) };
  }
  // Most worlds are never broken, and all have to be up soon.
  const { readFaultNow } = await import('../drill/index.ts');
  const { value, findings } = readFaultNow(what.break);
  if (value === undefined) return { findings, names: [] };
  // The same once more is the same.
  if (!faults.some(({ name }) => name === value.name)) local.startFault(value);
  return { findings, names: [value.name] };
}
