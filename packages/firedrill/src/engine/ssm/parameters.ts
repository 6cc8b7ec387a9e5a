/** A parameter as Parameter Store holds one version of it. */
export interface ParameterVersion {
  readonly version: number;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tier: 'Standard' | 'Advanced';
  readonly dataType: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly labels: readonly string[];
}

/** A parameter with the version that was asked for. */
export interface Parameter extends ParameterVersion {
  readonly name: string;
  /** As `:3` or `:prod`, when it was asked for so. */
  readonly selector?: string;
}

/** What is written; the store adds version and date. */
export interface WrittenParameter {
  readonly name: string;
  readonly type?: string;
  readonly value: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tier?: string;
  readonly dataType?: string;
  readonly overwrite?: boolean;
}

/** What AWS answers instead. */
export interface ParameterRefusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
}

/** How many versions a parameter keeps; the oldest goes for one more, unless it has a label. */
const VERSIONS_MAX = 100;
const LEVELS_MAX = 15;
const NAME_MAX = 1011;
const STANDARD_VALUE_BYTES_MAX = 4096;
const ADVANCED_VALUE_BYTES_MAX = 8192;
/** Of one Region. */
const PARAMETERS_MAX = 100_000;
const LABELS_MAX = 10;

const TYPES = ['String', 'StringList', 'SecureString'] as const;

/** The parameters of one Region. */
export class ParameterStore {
  private readonly versions = new Map<string, readonly ParameterVersion[]>();
  /** Those that templates declare, with the value they were last declared with. */
  private readonly declared = new Map<string, string>();

  /**
   * Takes over what templates declare now: what is new or has another value than at the last time becomes a version, what is
   * declared no more is deleted. What somebody has written in between stays.
   */
  declare(parameters: readonly WrittenParameter[], nowMs: number): void {
    const names = new Set(parameters.map(({ name }) => name));
    for (const name of this.declared.keys()) {
      if (names.has(name)) continue;
      this.declared.delete(name);
      this.versions.delete(name);
    }
    for (const parameter of parameters) {
      const text = JSON.stringify(parameter);
      if (this.declared.get(parameter.name) === text) continue;
      this.declared.set(parameter.name, text);
      this.add(parameter, nowMs);
    }
  }

  /** PutParameter. */
  put(
    parameter: WrittenParameter,
    nowMs: number,
  ): { readonly kind: 'done'; readonly version: ParameterVersion } | ParameterRefusal {
    const refusal = this.refusalOf(parameter);
    return refusal ?? { kind: 'done', version: this.add(parameter, nowMs) };
  }

  /** The names of all parameters, sorted. */
  names(): readonly string[] {
    return [...this.versions.keys()].toSorted();
  }

  /** By `NAME`, `NAME:VERSION` or `NAME:LABEL`; a name may be given as the last part of an ARN. */
  get(written: string): Parameter | ParameterRefusal {
    const [name = '', selector] = withoutArn(written).split(':');
    const all = this.versions.get(name);
    if (all === undefined) return { kind: 'refused', code: 'ParameterNotFound', message: '' };
    if (selector === undefined) return { name, ...newest(all) };
    const found = all.find(({ version, labels }) => String(version) === selector || labels.includes(selector));
    if (found !== undefined) return { name, ...found, selector: `:${selector}` };
    const message = `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`;
    return { kind: 'refused', code: 'ParameterVersionNotFound', message };
  }

  /** All versions, the oldest first; undefined: there is no such parameter. */
  history(name: string): readonly ParameterVersion[] | undefined {
    return this.versions.get(withoutArn(name));
  }

  /** The newest versions of parameters below a path: of its own level, or of all. */
  byPath(path: string, isRecursive: boolean): readonly Parameter[] {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return this.names().flatMap((name) => {
      const all = this.versions.get(name);
      const isBelow = name.startsWith(prefix) && (isRecursive || !name.slice(prefix.length).includes('/'));
      return all !== undefined && isBelow ? [{ name, ...newest(all) }] : [];
    });
  }

  /** @returns whether it was there. */
  delete(name: string): boolean {
    return this.versions.delete(withoutArn(name));
  }

  /** Puts labels on a version; a label stands on one version only. @returns labels that are none, or why it is refused. */
  label(
    name: string,
    version: number | undefined,
    labels: readonly string[],
  ): { readonly kind: 'done'; readonly version: number; readonly invalid: readonly string[] } | ParameterRefusal {
    const all = this.versions.get(name);
    if (all === undefined) return { kind: 'refused', code: 'ParameterNotFound', message: '' };
    const wanted = version ?? newest(all).version;
    const target = all.find((known) => known.version === wanted);
    if (target === undefined) {
      const message = `Systems Manager could not find version ${wanted} of ${name}. Verify the version and try again.`;
      return { kind: 'refused', code: 'ParameterVersionNotFound', message };
    }
    const invalid = labels.filter((label) => !/^(?!aws|ssm|\d)[\w.-]{1,100}$/i.test(label));
    const valid = labels.filter((label) => !invalid.includes(label));
    if (new Set([...target.labels, ...valid]).size > LABELS_MAX) {
      const message = `A parameter version can have maximum ${LABELS_MAX} labels.`;
      return { kind: 'refused', code: 'ParameterVersionLabelLimitExceeded', message };
    }
    this.versions.set(
      name,
      all.map((known) => {
        const others = known.labels.filter((label) => !valid.includes(label));
        return { ...known, labels: known === target ? [...others, ...valid] : others };
      }),
    );
    return { kind: 'done', version: wanted, invalid };
  }

  private refusalOf(parameter: WrittenParameter): ParameterRefusal | undefined {
    const { name, value, overwrite, tier, allowedPattern } = parameter;
    const before = this.versions.get(name);
    const flaw = nameFlaw(name);
    if (flaw !== undefined) return refused('ValidationException', flaw);
    if (before !== undefined && overwrite !== true) {
      return refused(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    if (before === undefined && this.versions.size >= PARAMETERS_MAX) {
      return refused('ParameterLimitExceeded', `A Region holds at most ${PARAMETERS_MAX} parameters.`);
    }
    const type = parameter.type ?? (before === undefined ? undefined : newest(before).type);
    if (type === undefined)
      return refused('ValidationException', 'A parameter type is required when you create a parameter.');
    if (!TYPES.some((known) => known === type)) {
      return refused(
        'ValidationException',
        `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
      );
    }
    if (value === '') {
      return refused(
        'ValidationException',
        "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
      );
    }
    const most =
      tier === 'Advanced' || tier === 'Intelligent-Tiering' ? ADVANCED_VALUE_BYTES_MAX : STANDARD_VALUE_BYTES_MAX;
    if (value.length > most) {
      return refused(
        'ValidationException',
        `Standard tier parameters support a maximum parameter value of ${STANDARD_VALUE_BYTES_MAX} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
      );
    }
    return allowedPattern === undefined ? undefined : patternRefusal(allowedPattern, value);
  }

  private add(written: WrittenParameter, nowMs: number): ParameterVersion {
    const all = this.versions.get(written.name) ?? [];
    const last = all.at(-1);
    const version: ParameterVersion = {
      version: (last?.version ?? 0) + 1,
      type: TYPES.find((type) => type === written.type) ?? last?.type ?? 'String',
      value: written.value,
      ...(written.description === undefined ? {} : { description: written.description }),
      ...(written.allowedPattern === undefined ? {} : { allowedPattern: written.allowedPattern }),
      tier: written.tier === 'Advanced' ? 'Advanced' : 'Standard',
      dataType: written.dataType ?? 'text',
      modifiedAt: nowMs,
      labels: [],
    };
    this.versions.set(written.name, [...all, version].slice(-VERSIONS_MAX));
    return version;
  }
}

function newest(versions: readonly ParameterVersion[]): ParameterVersion {
  const last = versions.at(-1);
  if (last === undefined) throw new RangeError('a parameter has a version');
  return last;
}

function withoutArn(written: string): string {
  const name = /^arn:[^:]+:ssm:[^:]*:\d{12}:parameter(\/.*)$/.exec(written)?.[1];
  return name ?? written;
}

function nameFlaw(name: string): string | undefined {
  if (!/^[\w.\-/]+$/.test(name)) {
    return 'Parameter name must only consist of a mix of letters, numbers and the following 3 symbols .-_ with no leading or trailing spaces.';
  }
  if (/^\/?(?:aws|ssm)/i.test(name)) {
    return `Parameter name: can't be prefixed with "${/^\/?ssm/i.test(name) ? 'ssm' : 'aws'}" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`;
  }
  if (name.includes('/') && !name.startsWith('/')) return 'Parameter name must be a fully qualified name.';
  if (name.length > NAME_MAX) return `Parameter name must not be longer than ${NAME_MAX} characters.`;
  return name.split('/').length - 1 > LEVELS_MAX
    ? `The hierarchy of a parameter has at most ${LEVELS_MAX} levels.`
    : undefined;
}

function patternRefusal(pattern: string, value: string): ParameterRefusal | undefined {
  try {
    if (new RegExp(`^(?:${pattern})$`).test(value)) return undefined;
  } catch {
    return refused('InvalidAllowedPatternException', 'The request does not meet the regular expression requirement.');
  }
  return refused(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );
}

function refused(code: string, message: string): ParameterRefusal {
  return { kind: 'refused', code, message };
}
