import * as z from 'zod';

type Text = z.ZodType<string, string>;
type Duration = z.ZodType<number, string>;

/** What a drill file can say of Application Recovery Controller, by key. */
export function recoveryActionFields(text: Text, duration: Duration) {
  const resource = text.describe('ARN of the load balancer, its logical id in a template, or ${Output}.');
  const awayFrom = text.describe('The zone that traffic leaves, as eu-west-1a.');
  const expiresIn = duration.describe('How long it lasts unless it is extended: 1m to 72h.');
  const plan = text.describe('ARN of the Region switch plan, its logical id in a template, or ${Output}.');
  const setRoutingControl = z.strictObject({
    states: z
      .record(text, z.enum(['On', 'Off']))
      .describe('On or Off by routing control: ARN, logical id in a template, or ${Output}. All change or none.'),
    override: z.array(text).optional().describe('Safety rules that are not heeded, named likewise.'),
    endpoints: z
      .array(text)
      .min(1)
      .optional()
      .describe('Regions of the cluster endpoints that are tried, in this order; all five unless given.'),
  });
  return {
    setRoutingControl: setRoutingControl.optional().describe('UpdateRoutingControlStates of Recovery Controller.'),
    startZonalShift: z.strictObject({ resource, awayFrom, expiresIn }).optional().describe('StartZonalShift.'),
    updateZonalShift: z.strictObject({ resource, expiresIn }).optional().describe('UpdateZonalShift: another expiry.'),
    cancelZonalShift: z.strictObject({ resource }).optional().describe('CancelZonalShift.'),
    startPlanExecution: z
      .strictObject({
        plan,
        targetRegion: text.describe('The Region that is activated or deactivated.'),
        action: z.enum(['activate', 'deactivate']),
        mode: z.enum(['graceful', 'ungraceful']).optional().describe('graceful unless given.'),
      })
      .optional()
      .describe('StartPlanExecution of Region switch.'),
    cancelPlanExecution: z.strictObject({ plan }).optional().describe('CancelPlanExecution of Region switch.'),
    approvePlanStep: z
      .strictObject({
        plan,
        step: text.describe('Name of the step that waits for approval.'),
        approval: z.enum(['approve', 'decline']).optional().describe('approve unless given.'),
      })
      .optional()
      .describe('ApprovePlanExecutionStep of Region switch.'),
    startPracticeRun: z
      .strictObject({ resource, awayFrom })
      .optional()
      .describe('StartPracticeRun of zonal autoshift.'),
  };
}
