/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const transactionsTable = `
discard  1   noscript,loading,stale,fast,allow_busy  transaction  -         -  2.0.0
exec     1   noscript,loading,stale,skip_slowlog     transaction  -         -  1.2.0
multi    1   noscript,loading,stale,fast,allow_busy  transaction  -         -  1.2.0
unwatch  1   noscript,loading,stale,fast,allow_busy  transaction  -         -  2.2.0
watch    -2  noscript,loading,stale,fast,allow_busy  transaction  1..-1:RO  -  2.2.0
`;
