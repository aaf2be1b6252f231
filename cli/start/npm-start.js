import { runOnSuitableNode } from '../process/suitable-node.js';

await runOnSuitableNode('npm start', () => import('./start.ts'));
