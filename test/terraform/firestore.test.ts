import { expect, test } from 'vitest';
import {
  compositeIndexes,
  expiringCollections,
  expiryField,
  unindexedFields,
} from '../../shared/state/firestore/indexing.ts';
import { stateCollections } from '../../shared/state/firestore/names.ts';
import { listsOf, read, readModule, stringsOf, valueOf } from './hcl.ts';

const text = read('terraform/firestore.tf');

test('exactly the fields that no query asks for are exempt from indexing', () => {
  expect(listsOf(valueOf(text, 'unindexed_fields'))).toEqual(unindexedFields);
});

test('exactly the collections whose documents expire have an expiry, on the field that says when', () => {
  expect(stringsOf(valueOf(text, 'expiring_collections'))).toEqual(expiringCollections);
  expect(/expiry_field += "(\w+)"/.exec(text)?.[1]).toBe(expiryField);
});

test('a field with an expiry is always among the exempt ones: one resource makes both', () => {
  for (const collection of expiringCollections) expect(unindexedFields[collection]).toContain(expiryField);
});

test('the collections are called what the product calls them', () => {
  const names = [...valueOf(text, 'state_collections').matchAll(/(\w+) += "\$\{var\.state_prefix\}(\w+)"/g)];
  expect(Object.fromEntries(names.map(([, key, suffix]) => [key, `prefix${suffix ?? ''}`]))).toEqual(
    stateCollections('prefix'),
  );
});

test('there are as many composite indexes as queries need', () => {
  const made = readModule('terraform').match(/resource "google_firestore_index"/g) ?? [];
  expect(made).toHaveLength(compositeIndexes.length);
});
