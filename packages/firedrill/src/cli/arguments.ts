import { InvalidArgumentError } from 'commander';

/* What options of the command line say, for commander. */

/** Names with commas between them, each once. */
export function namesOf(text: string): readonly string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}

/** A port; 0 for any. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new InvalidArgumentError('A port is a number up to 65535.');
  return port;
}

/** A speed of a local world. */
export function speedOf(text: string): number {
  const speed = Number(text);
  if (!(speed >= 0.1 && speed <= 1000)) throw new InvalidArgumentError('A speed is a number from 0.1 to 1000.');
  return speed;
}

/** `name=value`, beside those given before. */
export function pairOf(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The same of which everything is looked at later, together: what is no pair is a name without a value. */
export function pairOrNameOf(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  return at < 0 ? { ...before, [text]: '' } : { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** One more of what may be given again and again. */
export function listOf(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
