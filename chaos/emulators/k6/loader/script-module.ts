/** What the runtime knows of a script: its exports by name. */
export type ScriptModule = Readonly<Record<string, unknown>>;
