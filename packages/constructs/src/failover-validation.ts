import { basename, resolve } from 'node:path';
import {
  App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
} from 'aws-cdk-lib';
import { type Finding, FINDING_CODES, inspectAssembly, VERSION } from 'firedrill';

/** From the lightest. */
const WEIGHTS = ['note', 'warning', 'error'] as const;

export interface FailoverValidationProps {
  /** Hosted zones that no stack makes: id by domain name. Records of a zone that is not known cannot be looked at. */
  readonly hostedZones?: Readonly<Record<string, string>>;
  /** Region of stacks that leave theirs open. */
  readonly region?: string;
  /** The lightest finding that ends the synthesis; `never` prints them only. By default `warning`. */
  readonly failOn?: 'note' | 'warning' | 'error' | 'never';
}

/**
 * Looks for failover traps when a CDK app is synthesised, as `firedrill check` does:
 * `Validations.of(app).addPlugins(new FailoverValidation())`. Each finding has the path of its construct, its place
 * in the template, the lines of the facts sheets that it rests on, and what to do. One that is right where it is
 * can be acknowledged: `Validations.of(construct).acknowledge({ id: 'Firedrill::check/long-ttl', reason: '…' })`.
 *
 * What Firedrill could not read does not end the synthesis, but is told as a warning: traps in it go unseen.
 */
export class FailoverValidation implements IPolicyValidationPlugin {
  readonly name = 'Firedrill';
  readonly version = VERSION;
  readonly ruleIds = Object.keys(FINDING_CODES).filter((code) => code.startsWith('check/'));
  private readonly props: FailoverValidationProps;

  constructor(props: FailoverValidationProps = {}) {
    this.props = props;
  }

  validate({ appConstruct, templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    // Firedrill itself runs the app, and says the same, with places that are its own.
    if (!App.isApp(appConstruct) || process.env['FIREDRILL_READS_APP'] !== undefined)
      return { success: true, violations: [] };
    const { hostedZones: zones = {}, region, failOn = 'warning' } = this.props;
    const { findings } = inspectAssembly(appConstruct.outdir, { zones, ...(region === undefined ? {} : { region }) });
    const told = findings.filter((finding) => isWorthTelling(finding) && isAbout(finding, templatePaths));
    const fails = (finding: Finding): boolean =>
      finding.code.startsWith('check/') &&
      failOn !== 'never' &&
      WEIGHTS.indexOf(finding.weight) >= WEIGHTS.indexOf(failOn);
    return {
      success: !told.some(fails),
      violations: told.map((finding) => violationOf(finding, fails(finding))),
    };
  }
}

/** Traps; and of what reading says, what keeps traps from being seen. */
function isWorthTelling({ code, weight }: Finding): boolean {
  return code.startsWith('check/') || weight === 'error';
}

/** With a plugin of one stage, the templates of the others are read but not told of. */
function isAbout({ place }: Finding, templatePaths: readonly string[]): boolean {
  return place === undefined || !place.file.endsWith('.template.json') || templatePaths.includes(resolve(place.file));
}

function violationOf({ code, weight, place, says, remedy, facts }: Finding, fails: boolean): PolicyViolation {
  const [, logicalId, below] = /^Resources\.([A-Za-z0-9]+)(?:\.(.*))?$/.exec(place?.path ?? '') ?? [];
  // The CDK's own text shows no metadata of a rule.
  const where = place === undefined ? '' : ` [${basename(place.file)}:${place.line}:${place.column}]`;
  return {
    ruleName: code,
    description: `${says}${code.startsWith('check/') ? '' : ' Firedrill cannot look for traps there.'}${where}`,
    // The CDK counts whatever is an error as one that ends the synthesis.
    severity: fails ? 'error' : weight === 'note' ? 'info' : 'warning',
    ...(remedy === undefined ? {} : { fix: remedy }),
    violatingResources: [
      {
        ...(logicalId === undefined ? {} : { resourceLogicalId: logicalId }),
        ...(place === undefined ? {} : { templatePath: resolve(place.file) }),
        locations: below === undefined ? [] : [below],
      },
    ],
    ruleMetadata: {
      ...(place === undefined ? {} : { place: `${place.file}:${place.line}:${place.column}` }),
      ...(facts === undefined ? {} : { facts: facts.join(', ') }),
    },
  };
}
