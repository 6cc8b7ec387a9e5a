import { expect, onTestFinished, test } from 'vitest';
import { controlDoor } from './control-door.ts';

const TOKEN = 'a-token';

test('an order that is no JSON is refused, and the door goes on', async () => {
  const orders: unknown[] = [];
  const door = controlDoor(TOKEN, {
    status: () => ({}),
    down: () => undefined,
    faults: async (order) => await Promise.resolve(orders.push(order)),
  });
  const port = await door.open(0);
  onTestFinished(() => door.close());
  const send = async (body: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    return (await fetch(`http://127.0.0.1:${port}/faults`, { method: 'POST', headers, body })).status;
  };
  expect(await send('{ no JSON')).toBe(400);
  expect(await send('{"mend":[]}')).toBe(200);
  expect(orders).toEqual([{ mend: [] }]);
});
