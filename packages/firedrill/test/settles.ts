/** Whether something comes true in time for a machine that is very busy: it is looked at for minutes. */
export async function settles(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 10_000; tries++) {
    if (await isSo()) return true;
    await new Promise<void>((resolve) => void setTimeout(resolve, 20));
  }
  return await isSo();
}
