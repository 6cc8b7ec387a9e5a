import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';
import type { CodeLocation } from './index.ts';
import { surveyTemplate } from './index.ts';

const template = (properties: string): string =>
  `Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Role: arn, ${properties} } }\n`;
const CODE: Readonly<Record<string, CodeLocation>> = {
  './function': { kind: 'directory', path: '/there/function', files: ['index.mjs', 'lib/orders.js'] },
  'abc.zip': { kind: 'archive', path: '/there/abc.zip', files: [] },
};

function check(properties: string, expected: unknown): void {
  const { value, findings } = readOne(template(properties), { code: CODE });
  if (findings.length > 0) expect(findings.map(inLine)).toEqual(expected);
  else expect(value.functions[0]).toMatchObject(expected as object);
}

describe('code of functions', () => {
  test('is inline, a path, or an object of the assembly', () => {
    check('Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x }', { code: { kind: 'inline', text: 'x' } });
    check('Runtime: nodejs22.x, Handler: index.handler, Code: ./function', {
      code: { kind: 'directory', path: '/there/function' },
    });
    check('Runtime: nodejs22.x, Handler: lib/orders.read.all, Code: ./function', { handler: 'lib/orders.read.all' });
    check('Runtime: nodejs22.x, Handler: any.thing, Code: { S3Bucket: b, S3Key: abc.zip }', {
      code: { kind: 'archive', path: '/there/abc.zip' },
    });
  });

  test('that is nowhere is told with file and line', () => {
    check('Runtime: nodejs22.x, Handler: index.handler, Code: ./gone', [
      'error template/missing-asset 2: The code of F should be at ./gone, beside the template, but nothing is there.',
    ]);
    check('Runtime: nodejs22.x, Handler: index.handler, Code: { S3Bucket: b, S3Key: gone.zip }', [
      'error template/missing-asset 2: The code of F is the object gone.zip, which no assembly beside this template holds.',
    ]);
    check('Runtime: nodejs22.x, Handler: main.handler, Code: ./function', [
      'error template/missing-asset 2: The handler main.handler of F names the file main, which is not in /there/function.',
    ]);
    check('Runtime: nodejs22.x, Handler: main.handler, Code: { ZipFile: x }', [
      'error template/missing-asset 2: Inline code is stored as the file index, so Handler must begin with index.; it is main.handler.',
    ]);
  });

  test('a survey finds the paths and parameters that a template names', () => {
    const text = `Parameters: { P: { Type: String } }\n${template('Code: ./function')}  G: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x } } }\n`;
    expect(surveyTemplate('t.yaml', text)).toEqual({ codePaths: ['./function'], parameters: ['P'] });
    expect(surveyTemplate('t.yaml', 'a: [')).toEqual({ codePaths: [], parameters: [] });
  });
});

describe('settings of functions (RS 4.20)', () => {
  test('have the defaults of Lambda, and its ranges', () => {
    check('Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x }', {
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      region: 'eu-west-1',
    });
    check('Runtime: nodejs22.x, Handler: index.handler, Timeout: 901, Code: { ZipFile: x }', [
      'error template/property 2: Timeout is 901; it must be from 1 to 900.',
    ]);
    check('Runtime: nodejs22.x, Handler: index.handler, MemorySize: 64, Code: { ZipFile: x }', [
      'error template/property 2: MemorySize is 64; it must be from 128 to 10240.',
    ]);
    check('Runtime: nodejs22.x, Code: { ZipFile: x }', [
      'error template/property 2: A function in a zip package needs Handler.',
    ]);
  });

  test('other languages and container images are told', () => {
    expect(
      readOne(template('FunctionName: f, Runtime: ruby3.4, Handler: index.handler, Code: { ZipFile: x }')).findings.map(
        inLine,
      ),
    ).toEqual([
      'warning template/not-acted-on 2: Firedrill runs functions of Node.js and Python only; f is ruby3.4. A drill can stand a model in for it.',
    ]);
    expect(readOne(template('PackageType: Image, Code: { ImageUri: x }')).findings.map(inLine)).toEqual([
      'warning template/not-acted-on 2: Firedrill does not run functions from container images yet; the function is left out.',
    ]);
  });
});
