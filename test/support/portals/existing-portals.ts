import type { ExistingPortal } from './existing-portal.ts';
import { firebasePortals } from './firebase.ts';
import { grownPortals } from './grown.ts';
import { mixedPortals } from './mixed.ts';

/** Ten shapes of portals. They are made up. */
export const existingPortals: readonly ExistingPortal[] = [...firebasePortals, ...grownPortals, ...mixedPortals];
