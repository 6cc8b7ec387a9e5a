import type { SetUp } from './measurement.ts';
import { acceleratorWorkshop } from './set-ups/accelerator.ts';
import { BEHIND_CLOUDFRONT } from './set-ups/behind-cloudfront.ts';
import { documentedWaits, originDenies, vpcOriginIncident } from './set-ups/cloudfront.ts';
import { DETECTIONS } from './set-ups/detection.ts';
import { keycloakSites, primaryScaledToZero } from './set-ups/load-balancers.ts';
import { probing } from './set-ups/probing.ts';
import { regionSwitch, threePanels } from './set-ups/recovery.ts';
import { apigee, ec2Demo, lateClients, shortTtl } from './set-ups/servers.ts';
import { standbyTakesOver } from './set-ups/standby-takes-over.ts';

/** Every measurement of real AWS in docs/facts that has a figure and a set-up that can be simulated. */
export const SUITE: readonly SetUp[] = [
  standbyTakesOver,
  ...DETECTIONS,
  primaryScaledToZero,
  keycloakSites,
  shortTtl,
  apigee,
  ec2Demo,
  lateClients,
  threePanels,
  regionSwitch,
  acceleratorWorkshop,
  ...BEHIND_CLOUDFRONT,
  vpcOriginIncident,
  originDenies,
  documentedWaits,
  probing,
];
