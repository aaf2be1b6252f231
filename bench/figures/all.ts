import type { Figure } from '../figure.ts';
import { budget } from './budget.ts';
import { clients } from './clients.ts';
import { coldStarts } from './cold-start.ts';
import { costs } from './costs.ts';
import { listing } from './listing.ts';
import { memory } from './memory.ts';
import { reads } from './reads.ts';

/** Every figure, in the order in which they are shown. Another one is one file, and one line here. */
export const figures: readonly Figure[] = [listing, budget, reads, memory, clients, costs, coldStarts];
