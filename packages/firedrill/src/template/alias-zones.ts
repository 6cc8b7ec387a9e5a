import { idFrom, UPPER_ALPHANUMERIC } from './physical-id.ts';

/** Zone of every CloudFront domain name and every edge-optimized API (R53 AL-12). */
export const CLOUDFRONT_ZONE_ID = 'Z2FDTNDATAQYW2';

/** Zones of API Gateway's regional domain names (R53 AL-15; eu-north-1 is disputed, OQ-07). */
const API_GATEWAY_ZONE_IDS: Readonly<Record<string, string>> = {
  'us-east-1': 'Z1UJRXOUMOOFQ8',
  'us-east-2': 'ZOJJZC49E0EPZ',
  'us-west-1': 'Z2MUQ32089INYE',
  'us-west-2': 'Z2OJLYMUO9EFXC',
  'ca-central-1': 'Z19DQILCV0OWEC',
  'eu-west-1': 'ZLY8HYME6SFDD',
  'eu-west-2': 'ZJ5UAJN8Y3Z2Q',
  'eu-west-3': 'Z3KY65QIEKYHQQ',
  'eu-central-1': 'Z1U9ULNL0V5AJ3',
  'eu-north-1': 'Z3UWIKFBOOGXPP',
  'ap-northeast-1': 'Z1YSHQZHG15GKL',
  'ap-northeast-2': 'Z20JF4UZKIW1U8',
  'ap-southeast-1': 'ZL327KTPIQFUL',
  'ap-southeast-2': 'Z2RPCDW04V8134',
  'ap-south-1': 'Z3VO1THU9YC4UR',
  'sa-east-1': 'ZCMLWB8V5SYIT',
};

/** The zone of a Region's regional API domain names; one made up, but always the same, where none is recorded. */
export function apiGatewayZoneId(region: string): string {
  return API_GATEWAY_ZONE_IDS[region] ?? `Z${idFrom(`api-gateway zone ${region}`, 13, UPPER_ALPHANUMERIC)}`;
}

/** Zones of S3's website endpoints (R53 AL-13). */
const S3_WEBSITE_ZONE_IDS: Readonly<Record<string, string>> = {
  'us-east-1': 'Z3AQBSTGFYJSTF',
  'us-east-2': 'Z2O1EMRO9K5GLX',
  'us-west-1': 'Z2F56UZL2M1ACD',
  'us-west-2': 'Z3BJ6K6RIION7M',
  'ca-central-1': 'Z1QDHH18159H29',
  'eu-west-1': 'Z1BKCTXD74EZPE',
  'eu-west-2': 'Z3GKZC51ZF0DB4',
  'eu-west-3': 'Z3R1K369G5AVDG',
  'eu-central-1': 'Z21DNDUVLTQW6Q',
  'eu-north-1': 'Z3BAZG2TWCNX0D',
  'ap-northeast-1': 'Z2M4EHUR26P7ZW',
  'ap-northeast-2': 'Z3W03O7B5YMIYP',
  'ap-southeast-1': 'Z3O0J2DXBE1FTB',
  'ap-southeast-2': 'Z1WCIGYICN2BYD',
  'ap-south-1': 'Z11RGJOFQNVJUP',
  'sa-east-1': 'Z7KQH4QJS55SO',
};

/** The zone of a Region's S3 website endpoint; undefined where none is recorded. */
export function s3WebsiteZoneId(region: string): string | undefined {
  return S3_WEBSITE_ZONE_IDS[region];
}
