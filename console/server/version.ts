import packageJson from '../../package.json' with { type: 'json' };

/** Of the product. */
export function productVersion(): string {
  return packageJson.version;
}
