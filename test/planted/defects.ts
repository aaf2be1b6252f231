import { adopting } from './defects/adopting.ts';
import { budget } from './defects/budget.ts';
import { atOnce } from './defects/at-once.ts';
import { consoleDefects } from './defects/console.ts';
import { costing } from './defects/costing.ts';
import { deciding } from './defects/deciding.ts';
import { deploying } from './defects/deploying.ts';
import { listing } from './defects/listing.ts';
import { looking } from './defects/looking.ts';
import { nextStepDefects } from './defects/next-step.ts';
import { operating } from './defects/operating.ts';
import { outside } from './defects/outside.ts';
import { portal } from './defects/portal.ts';
import { pulling } from './defects/pulling.ts';
import { proving } from './defects/proving.ts';
import { remembering } from './defects/remembering.ts';
import { planning } from './defects/planning.ts';
import { rereading } from './defects/rereading.ts';
import { running } from './defects/running.ts';
import { undoing } from './defects/undoing.ts';
import { watching } from './defects/watching.ts';
import { writing } from './defects/writing.ts';
import type { PlantedDefect } from './planted-defect.ts';

/** Every defect that the tests are known to find. `npm run planted` proves it. */
export const defects: readonly PlantedDefect[] = [
  ...deciding,
  ...nextStepDefects,
  ...remembering,
  ...writing,
  ...proving,
  ...atOnce,
  ...planning,
  ...running,
  ...rereading,
  ...listing,
  ...costing,
  ...outside,
  ...budget,
  ...portal,
  ...adopting,
  ...operating,
  ...consoleDefects,
  ...looking,
  ...undoing,
  ...deploying,
  ...watching,
  ...pulling,
];
