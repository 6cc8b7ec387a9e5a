import { basename } from 'node:path';

/** In front of the prompt of a shell in the world. */
const MARK = '(firedrill) ';

/** Arguments that make a shell mark its prompt, after its own start-up files have had their say; none for shells that are not known. */
export function promptArguments(shell: string, rcFile: string): readonly string[] {
  if (basename(shell) === 'bash') return ['--rcfile', rcFile];
  if (basename(shell) === 'fish') return ['--init-command', FISH];
  return [];
}

/** Start-up file for bash: the user's own, then the mark. */
export const BASH_START = `[ -f ~/.bashrc ] && . ~/.bashrc\nPS1="${MARK}$PS1"\n`;

/** Shells that read it from their environment. */
export const PROMPT = `${MARK}$ `;

const FISH = `functions --copy fish_prompt firedrill_prompt; function fish_prompt; echo -n '${MARK}'; firedrill_prompt; end`;
