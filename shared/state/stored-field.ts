import { z } from 'zod';
import type { WrittenField } from '../core/model/profile.ts';
import { maybe } from './maybe.ts';

const field = z.string().transform((name, context): WrittenField => {
  if (name === 'email' || name === 'userName' || name === 'status') return name;
  if (name === 'firstName' || name === 'lastName') return name;
  if (name.startsWith('attributes.')) return `attributes.${name.slice('attributes.'.length)}`;
  context.addIssue({ code: 'custom', message: 'not a field' });
  return z.NEVER;
});

/** One field with its values before and after, as a change and a link keep it. */
export const storedField = { field, before: maybe(z.string()), after: maybe(z.string()) };
