/** Continents as geolocation records name them. */
export const CONTINENTS = ['AF', 'AN', 'AS', 'EU', 'OC', 'NA', 'SA'] as const;

export type Continent = (typeof CONTINENTS)[number];

/** Countries by continent, as Route 53 sorts them; ISO 3166 where it says nothing. */
const COUNTRIES: Readonly<Record<Continent, string>> = {
  AF: 'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  AN: 'AQ GS TF',
  AS: 'AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TW UZ VN YE',
  EU: 'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK',
  OC: 'AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS',
  NA: 'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI',
  SA: 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
};

/** Territories that Route 53 knows of, and yet takes for nobody's: askers there go to the default record (R53 RP-12). */
export const COUNTRIES_NOT_SUPPORTED: readonly string[] = ['BV', 'CX', 'EH', 'HM'];

const CONTINENT_OF: ReadonlyMap<string, Continent> = new Map(
  CONTINENTS.flatMap((continent) => COUNTRIES[continent].split(' ').map((country) => [country, continent] as const)),
);

/** The continent of a country by its code; undefined for codes that Route 53 does not take. */
export function continentOf(country: string): Continent | undefined {
  return CONTINENT_OF.get(country);
}
