/** How a call of a client's ends: `done`, or status and code of what it is refused with. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode ?? 0} ${name}`;
  }
}
