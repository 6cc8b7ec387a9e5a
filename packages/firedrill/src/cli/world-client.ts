import type { StateDirectory, WorldFile } from '../doors/index.ts';
import { isAlive, notUp } from '../doors/index.ts';
import { UserError } from './user-error.ts';

/**
 * The world that is up in a directory.
 * @throws UserError when there is none.
 */
export function worldIn(directory: StateDirectory): WorldFile {
  const world = directory.world();
  if (world === undefined || !isAlive(world)) throw new UserError([notUp(directory)]);
  return world;
}

/** Asks a world's controls; gives the answer's JSON. */
export async function askWorld(
  { ports, token }: WorldFile,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${ports.control}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the world answers ${response.status} to ${method} ${path}`);
  return await response.json();
}
