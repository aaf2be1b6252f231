import { expect, test } from 'vitest';
import { allFiles, read } from './documents/tree.ts';

interface Retired {
  readonly word: string;
  readonly say: string;
  /** Files and folders in which the word still has its place. */
  readonly except?: readonly string[];
}

/**
 * Words that once stood for what has a better name now. Found in code, comments, test names and file names: `isNews` as
 * `isNews`, `IsNews` and `is-news`, never in the prose "is news".
 */
const retired: readonly Retired[] = [
  {
    word: 'portalId',
    say: 'userId: it is the id of a portal user, not of a portal',
    // Stored fields keep their first name.
    except: [
      'shared/state/link-document.ts',
      'shared/state/firestore/',
      'shared/state/in-memory/',
      'test/shared/state/',
      'docs/decisions/0010-stored-names-stay.md',
    ],
  },
  { word: 'hearsay', say: 'evidence: fresh, listed or remembered' },
  { word: 'isUnheard', say: 'has an unconfirmed intent' },
  { word: 'isNews', say: 'evidence that contradicts the link' },
  { word: 'isOutdated', say: 'evidence older than the link' },
  { word: 'isDoubtful', say: 'evidence that does not suffice' },
  { word: 'warrant', say: 'precondition' },
  { word: 'setback', say: 'interruption, or failure' },
  { word: 'patience', say: 'lease wait; of a call, how long it may wait' },
  { word: 'rebound', say: 'rebind' },
  { word: 'bereft', say: 'orphaned' },
  { word: 'gaveUp', say: 'has left, for a portal user who took another email' },
  { word: 'leaver', say: 'how the portal user left' },
  { word: 'leftovers', say: 'unseen people' },
  { word: 'tellWaiting', say: 'wake those who wait' },
  { word: 'workedFor', say: 'working time' },
  { word: 'noteBeforeOverwriting', say: 'note before writing' },
  { word: 'halfSettled', say: 'settled in part' },
  { word: 'settledResult', say: 'result as linked' },
];

const folders = ['shared/', 'cli/', 'functions/', 'local/', 'bench/', 'test/', 'docs/'];
const here = 'test/retired-words.test.ts';
const searched = allFiles().filter((path) => folders.some((folder) => path.startsWith(folder)) && path !== here);

/** In any case, and in the form of file names. `PromiseSettledResult` is JavaScript's own. */
function spellingsOf(word: string): RegExp {
  const kebab = word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new RegExp(`(?<!Promise)(?:${word}|${kebab})`, 'i');
}

test.each(retired)('$word has a better name: $say', ({ word, except = [] }) => {
  const spelling = spellingsOf(word);
  const places = searched
    .filter((path) => !except.some((place) => path.startsWith(place)))
    .flatMap((path) => [
      ...(spelling.test(path) ? [path] : []),
      ...read(path)
        .split('\n')
        .flatMap((line, place) => (spelling.test(line) ? [`${path}:${String(place + 1)}: ${line.trim()}`] : [])),
    ]);
  expect(places).toEqual([]);
});

test('a retired word is found inside of other words and in names of files, not in prose', () => {
  expect(spellingsOf('isNews').test('const IsNewsToo')).toBe(true);
  expect(spellingsOf('workedFor').test('shared/run/worked-for.ts')).toBe(true);
  expect(spellingsOf('workedFor').test('a batch that worked for a minute')).toBe(false);
});
