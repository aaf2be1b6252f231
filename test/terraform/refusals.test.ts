import { describe, expect, test } from 'vitest';
import { deploy, RefusedSettings } from './evaluate/deployment.ts';
import type { Values } from './evaluate/values.ts';
import { deployments, required } from './settings.ts';

const key = (location: string): string => `projects/keys/locations/${location}/keyRings/ring/cryptoKeys/key`;
const network = { network: 'vpc', subnetwork: 'subnet' };

describe('is refused, with what to set instead', () => {
  test.each<[string, Values, RegExp]>([
    [
      'an endpoint with a user name',
      { apigee: { org: 'o', endpoint: 'https://apigee.googleapis.com@example.com' } },
      /^apigee\.endpoint: .*without a user name/,
    ],
    [
      'an endpoint without https',
      { apigee: { org: 'o', endpoint: 'http://example.com' } },
      /^apigee\.endpoint: .*with https/,
    ],
    [
      'a backup kept for longer than Firestore keeps one',
      { firestore: { location: 'eur3', backup_days: 99 } },
      /^firestore\.backup_days: .*0 to 98/,
    ],
    ['half a day of backups', { firestore: { location: 'eur3', backup_days: 0.5 } }, /^firestore\.backup_days/],
    ['a network without a name', { network: { ...network, network: '' } }, /^network: set network and subnetwork/],
    [
      'addresses for traffic that does not go there',
      { network: { ...network, all_traffic: false, fixed_addresses: 1 } },
      /^network\.fixed_addresses: .*all_traffic = false/,
    ],
    ['more addresses than anybody needs', { network: { ...network, fixed_addresses: 5 } }, /from 0 to 4/],
    [
      'a key in another region',
      { encryption: { key: key('europe-west4') } },
      /^encryption\.key: set a key in var\.region/,
    ],
    ['a key that is none', { encryption: { key: 'my-key' } }, /^encryption: set keys as/],
    [
      'a key for a database that exists',
      { encryption: { key: key('europe-west1'), database_key: key('eur3') } },
      /^encryption\.database_key: a database gets its key when it is made/,
    ],
    [
      'a time that no day has a whole number of',
      { alerts: { freshness_minutes: 150 } },
      /^alerts\.freshness_minutes: .*a whole part of a day/,
    ],
    ['a promise that cannot be kept', { alerts: { slo: { edits_goal: 1 } } }, /^alerts\.slo: .*at most 0\.9999/],
    [
      'fewer calls than one person needs within a lease',
      { apigee: { org: 'o', calls_per_minute: 59 } },
      /^apigee\.calls_per_minute: .*from 60 to 6000/,
    ],
  ])('%s', (_, settings, message) => {
    const apply = (): unknown => deploy({ ...required, ...settings });
    expect(apply).toThrow(RefusedSettings);
    expect(apply).toThrow(message);
  });
});

describe('a plan warns', () => {
  const channels = { notification_channels: ['projects/my-portal/notificationChannels/1'] };
  const verified = { mapping: { emailVerified: 'verified' } };

  test.each<[string, Values, readonly RegExp[]]>([
    ['where alerts reach nobody, and whoever registers gets a developer', {}, [/alerts reach nobody/, /emailVerified/]],
    ['not while the schedule is paused', { schedule: { paused: true } }, []],
    ['not where both are settled', { alerts: channels, portal: verified }, []],
    ['nor where the mapping is a text', { alerts: channels, portal: { mapping: '{"emailVerified":"verified"}' } }, []],
    [
      'but where that text leaves the field out',
      { alerts: channels, portal: { mapping: '{"email":"mail"}' } },
      [/emailVerified/],
    ],
  ])('%s', (_, settings, warnings) => {
    const { warnings: said } = deploy({ ...required, ...settings });
    expect(said).toHaveLength(warnings.length);
    for (const [place, warning] of warnings.entries()) expect(said[place]).toMatch(warning);
  });
});

test('without a network or keys of one’s own nothing of them is made', () => {
  const types = new Set(deployments.minimal.resources.map(({ type }) => type));
  expect([...types].filter((type) => /compute|kms|backup/.test(type))).toEqual([]);
});
