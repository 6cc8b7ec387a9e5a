import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { citationsIn, partsIn } from './citations.mjs';

/*
 * Lines that are left out on purpose: items as `- CF 3.27, 3.28: why`, or of whole parts as `- RS §6: why`, in
 * docs/facts/left-out.md and under "What we leave out" in the README of a service.
 */

const ITEM = /^- ((?:CF|RS|R53) [^:]*):?(.*(?:\n {2}.*)*)/gm;

/**
 * @param {string} root
 * @param {readonly string[]} known ids in sheet order
 * @returns {{ids: string[], reason: string, file: string}[]}
 */
export function readLeftOut(root, known) {
  return placesOf(root).flatMap(({ file, text }) =>
    [...text.matchAll(ITEM)].map(([, subject = '', reason = '']) => ({
      ids: [...new Set([...citationsIn(subject, known), ...partsIn(subject, known)])],
      reason: reason.replaceAll(/\s+/g, ' ').trim(),
      file,
    })),
  );
}

function placesOf(root) {
  const engine = 'packages/firedrill/src/engine';
  const services = readdirSync(path.join(root, engine), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = ['docs/facts/left-out.md', ...services.map(({ name }) => `${engine}/${name}/README.md`)];
  return files
    .filter((file) => existsSync(path.join(root, file)))
    .map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return { file, text: file.endsWith('README.md') ? sectionOf(text, 'What we leave out') : text };
    });
}

function sectionOf(text, title) {
  const [, section = ''] = text.split(`## ${title}\n`);
  return section.split('\n## ')[0] ?? '';
}
