import type { CodeSandbox } from '../engine/index.ts';
import { assert } from '../model/index.ts';

/**
 * What runs code of users at once, loaded when the first estate has such code: a world that is up must answer at once, and may
 * never need it.
 */
export class LateSandbox implements CodeSandbox {
  private loaded: CodeSandbox | undefined;

  /** Resolves when it can be used. */
  async load(): Promise<void> {
    if (this.loaded !== undefined) return;
    const { loadSandbox } = await import('../sandbox/index.ts');
    this.loaded ??= await loadSandbox();
  }

  prepareFunction(...code: Parameters<CodeSandbox['prepareFunction']>): ReturnType<CodeSandbox['prepareFunction']> {
    return this.sandbox().prepareFunction(...code);
  }

  prepareHandler(...code: Parameters<CodeSandbox['prepareHandler']>): ReturnType<CodeSandbox['prepareHandler']> {
    return this.sandbox().prepareHandler(...code);
  }

  private sandbox(): CodeSandbox {
    assert(this.loaded !== undefined, 'the sandbox is loaded before an estate with code for it takes its place');
    return this.loaded;
  }
}
