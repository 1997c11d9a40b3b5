import { registerHooks } from 'node:module';

/** What plugins import from us. Wherever the plugin lies, it gets the modules of the program that loads it. */
const doors: ReadonlySet<string> = new Set(['sluice', 'sluice/plugin', 'sluice/testing']);

/** Packages that a single file without a package of its own may import: they come with us. */
const companions: ReadonlySet<string> = new Set(['rxjs', 'rxjs/operators', 'zod']);

const scheme = 'sluice-plugin:';

/** A specifier for `import()` that finds the package `name` as a module in `folder` (a file URL that ends in a slash) would. */
export function packageSpecifier(name: string, folder: string): string {
  return `${scheme}${encodeURIComponent(name)}?from=${encodeURIComponent(folder)}`;
}

let open = false;

/** Makes `sluice/plugin` and package specifiers resolve in this process. Once is enough; more does nothing. */
export function openDoors(): void {
  if (open) return;
  open = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith(scheme)) {
        const { pathname, searchParams } = new URL(specifier);
        return next(decodeURIComponent(pathname), { ...context, parentURL: `${searchParams.get('from')}plugins.js` });
      }
      if (doors.has(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
      try {
        return next(specifier, context);
      } catch (error) {
        if (!companions.has(specifier) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
