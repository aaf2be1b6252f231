import { z } from 'zod';
import { BuildError } from './build-error.ts';

/** The product's package.json, as far as the deployed one is made of it. */
export const productPackage = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});
export type ProductPackage = z.infer<typeof productPackage>;

/** What differs between the parts that are deployed. */
export interface DeployedPart {
  /** Follows the product's name. */
  readonly suffix: string;
  readonly main: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** The buildpack would run `build` otherwise; what is uploaded has been built and tested already. */
const builtAlready = { 'gcp-build': '' };

/** All functions, in one archive: the Functions Framework starts them. */
export const functionsPart: DeployedPart = { suffix: 'functions', main: 'index.js', scripts: builtAlready };

/** The console: what buildpacks make of it runs `start`. */
export const consolePart: DeployedPart = {
  suffix: 'console',
  main: 'console/server/main.js',
  scripts: { ...builtAlready, start: 'node console/server/main.js' },
};

export interface DeployedPackage {
  readonly name: string;
  readonly version: string;
  readonly private: true;
  readonly license: string;
  readonly type: 'module';
  readonly main: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}

const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** The package.json of a part that is deployed: it depends on `imported` and nothing else. Throws BuildError. */
export function deployedPackage(
  product: ProductPackage,
  imported: readonly string[],
  { suffix, main, scripts }: DeployedPart,
): DeployedPackage {
  const dependencies = imported.map((name) => {
    const version = product.dependencies[name];
    if (version === undefined)
      throw new BuildError(`${name} is imported but is not in the dependencies of package.json`);
    if (!exact.test(version)) throw new BuildError(`${name} is ${version} in package.json: set one exact version`);
    return [name, version] as const;
  });
  return {
    name: `${product.name}-${suffix}`,
    version: product.version,
    private: true,
    license: product.license,
    type: 'module',
    main,
    scripts,
    dependencies: Object.fromEntries(dependencies),
    engines: { node: '24' },
  };
}
