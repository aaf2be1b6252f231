import { expect, test } from 'vitest';
import type { Resource } from './evaluate/deployment.ts';
import { deployments } from './settings.ts';
import { toldWhole } from './told.ts';

const { minimal, everything, edge } = deployments;
const onX = new Set(minimal.resources.map((resource) => JSON.stringify(resource)));
const differs = (resource: Resource): boolean => !onX.has(JSON.stringify(resource));
/** Metrics and alerts stand in `everything`, with a name and channels of their own. */
const isNoMetric = ({ address }: Resource): boolean => !address.startsWith('module.observability.');

// What is meant to differ is written down anew with `npx vitest run --project product test/terraform/whole.test.ts -u`. The
// difference is what a reviewer reads: it is what Terraform would change.
test.each([
  ['everything', toldWhole(everything)],
  ['minimal', toldWhole(minimal, isNoMetric)],
  ['edge', toldWhole(edge, differs)],
])('nothing of the deployment is other than %s.txt says', async (name, told) => {
  await expect(told).toMatchFileSnapshot(`expected/${name}.txt`);
});
