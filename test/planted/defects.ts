import { deciding } from './defects/deciding.ts';
import type { PlantedDefect } from './planted-defect.ts';

/** Every defect that the tests are known to find. `npm run planted` proves it. */
export const defects: readonly PlantedDefect[] = [...deciding];
