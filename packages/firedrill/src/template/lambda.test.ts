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

  test('RS 4.32: that is inline is of Node.js or Python, and in the file index', () => {
    const inline = (runtime: string, text: string): string =>
      `FunctionName: f, Runtime: ${runtime}, Handler: index.handler, Code: { ZipFile: ${text} }`;
    check(inline('python3.13', 'x'), { code: { kind: 'inline', text: 'x' } });
    check(inline('ruby3.4', 'x'), [
      'warning template/not-acted-on 2: Firedrill runs functions of Node.js and Python only; f is ruby3.4. A drill can stand a model in for it.',
      'error template/property 2: Code has ZipFile, which is for Node.js and Python; the runtime is ruby3.4.',
    ]);
    check('Runtime: python3.13, Handler: app.handler, Code: { ZipFile: x }', [
      'error template/missing-asset 2: Inline code is stored as the file index, so Handler must begin with index.; it is app.handler.',
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

  test('RS 4.5: variables have names that Lambda takes, none of its own, and 4 KB together', () => {
    const variables = (text: string): string =>
      `Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x }, Environment: { Variables: { ${text} } }`;
    check(variables('TABLE: orders, a1_: x, TZ: Europe/Dublin'), {
      environment: { TABLE: 'orders', a1_: 'x', TZ: 'Europe/Dublin' },
    });
    check(variables('T: x, 1st: x, _a: x'), [
      'error template/property 2: The variable T must begin with a letter and go on with letters, digits and _, two characters at least.',
      'error template/property 2: The variable 1st must begin with a letter and go on with letters, digits and _, two characters at least.',
      'error template/property 2: The variable _a must begin with a letter and go on with letters, digits and _, two characters at least.',
    ]);
    check(variables('AWS_REGION: eu-west-1, _HANDLER: x, AWS_PROFILE: x'), [
      'error template/property 2: Lambda keeps AWS_REGION, _HANDLER for itself: a template cannot set what is reserved.',
    ]);
    check(variables(`AA: ${'x'.repeat(4087)}`), { environment: { AA: 'x'.repeat(4087) } });
    check(variables(`AA: ${'x'.repeat(4088)}`), [
      'error template/property 2: The variables take 4097 bytes together; Lambda takes 4096 at most.',
    ]);
  });

  test('other languages and container images are told', () => {
    expect(
      readOne(
        template('FunctionName: f, Runtime: ruby3.4, Handler: any.thing, Code: { S3Bucket: b, S3Key: abc.zip }'),
        { code: CODE },
      ).findings.map(inLine),
    ).toEqual([
      'warning template/not-acted-on 2: Firedrill runs functions of Node.js and Python only; f is ruby3.4. A drill can stand a model in for it.',
    ]);
    expect(readOne(template('PackageType: Image, Code: { ImageUri: x }')).findings.map(inLine)).toEqual([
      'warning template/not-acted-on 2: Firedrill does not run functions from container images yet; the function is left out.',
    ]);
  });
});
