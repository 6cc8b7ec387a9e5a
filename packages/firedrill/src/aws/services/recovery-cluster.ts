import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call, Handlers } from '../handlers.ts';
import { performed } from '../performed.ts';

const PAGE_MAX = 1000;

/** Routing controls, read and set at the endpoint of a cluster that the request is sent to (R53 RC-01). */
export function recoveryCluster(cloud: Cloud): Handlers<typeof import('@aws-sdk/client-route53-recovery-cluster')> {
  const controlOf = (arn: string) => {
    const control = cloud.world().architecture.routingControls.find((known) => known.arn === arn);
    const state = cloud.world().control.routingControl(arn);
    if (control === undefined || state === undefined) {
      throw new AwsError('ResourceNotFoundException', `The routing control ${arn} does not exist.`, 404);
    }
    return { control, state };
  };
  const set = (
    entries: readonly { arn: string; state: 'On' | 'Off' }[],
    override: readonly string[] | undefined,
    call: Call,
  ) => {
    for (const { arn } of entries) controlOf(arn);
    performed(cloud, {
      kind: 'set-routing-control',
      entries: entries.map(({ arn, state }) => ({ routingControl: arn, state })),
      ...(override === undefined ? {} : { safetyRulesToOverride: override }),
      endpoints: [call.region],
    });
    return {};
  };
  return {
    GetRoutingControlState: ({ RoutingControlArn = '' }) => {
      const { control, state } = controlOf(RoutingControlArn);
      return { RoutingControlArn, RoutingControlState: state, RoutingControlName: control.name };
    },
    ListRoutingControls: ({ ControlPanelArn, NextToken, MaxResults }) => {
      const controls = cloud
        .world()
        .architecture.routingControls.filter(
          ({ controlPanelArn }) => ControlPanelArn === undefined || controlPanelArn === ControlPanelArn,
        );
      const start = Number(NextToken ?? 0);
      const end = start + Math.min(MaxResults ?? PAGE_MAX, PAGE_MAX);
      return {
        RoutingControls: controls.slice(start, end).map(({ arn, name, controlPanelArn }) => ({
          RoutingControlArn: arn,
          RoutingControlName: name,
          ControlPanelArn: controlPanelArn,
          Owner: cloud.account,
          RoutingControlState: cloud.world().control.routingControl(arn) ?? 'Off',
        })),
        ...(controls.length > end ? { NextToken: String(end) } : {}),
      };
    },
    UpdateRoutingControlState: ({ RoutingControlArn = '', RoutingControlState = 'Off', SafetyRulesToOverride }, call) =>
      set([{ arn: RoutingControlArn, state: RoutingControlState }], SafetyRulesToOverride, call),
    UpdateRoutingControlStates: ({ UpdateRoutingControlStateEntries = [], SafetyRulesToOverride }, call) =>
      set(
        UpdateRoutingControlStateEntries.map(({ RoutingControlArn = '', RoutingControlState = 'Off' }) => ({
          arn: RoutingControlArn,
          state: RoutingControlState,
        })),
        SafetyRulesToOverride,
        call,
      ),
  };
}
