export const fromSource: boolean;
export const invocation: string;
export const packageFolder: string;
export const publicModules: Readonly<Record<'redcliff' | 'redcliff/k6' | 'redcliff/k6/blocking', URL>>;
export const cacheFolder: string;
export function ownModule(name: string, base: string): URL;
